import { stat } from 'node:fs/promises'
import { sleep } from '@bangui/async'
import { logLimits, type LogBatch } from '@bangui/shared'
import { isOwnLog, LogRefusedError, openLog, resolveLog, type ReadableLogs } from './readable-log.ts'
import { readGrowth, readLastLines } from './tail-file.ts'

const POLL_MS = 500

const nothing: LogBatch = { own: false, lines: [], restarted: false, dropped: 0, problem: null }

interface Place {
  readonly inode: bigint
  readonly offset: number
}

/** What is followed. */
export interface FollowedFile {
  readonly path: string
  /** how many of its last lines come first */
  readonly limit: number
  readonly signal: AbortSignal
  /** Finds out what may be read, each time anew: the configuration and the links may have changed. */
  readonly findLogs: () => Promise<ReadableLogs>
}

/** Yields the last lines of a log and then those that are written, through rotation, until the signal aborts. */
export async function* followFile({ path, limit, signal, findLogs }: FollowedFile): AsyncGenerator<LogBatch> {
  let place: Place | undefined
  let problem: string | null = null
  let isFirst = true
  while (!signal.aborted) {
    try {
      const found = await readOn({
        path,
        limit: isFirst ? limit : logLimits.lines,
        place,
        logs: await findLogs(),
      })
      const { batch } = found
      if (isFirst || batch.lines.length > 0 || batch.restarted || problem !== null) yield batch
      place = found.place
      problem = null
      isFirst = false
    } catch (error) {
      if (!(error instanceof LogRefusedError)) throw error
      if (problem !== error.message) yield { ...nothing, problem: error.message }
      problem = error.message
    }
    await sleep(POLL_MS, { signal }).catch(() => undefined)
  }
}

interface Reading {
  readonly path: string
  readonly limit: number
  readonly place: Place | undefined
  readonly logs: ReadableLogs
}

async function readOn({ path, limit, place, logs }: Reading): Promise<{ batch: LogBatch; place: Place }> {
  const real = await resolveLog(logs, path)
  const none = { ...nothing, own: isOwnLog(logs, real) }
  if (place !== undefined) {
    const { ino, size } = await stat(real, { bigint: true })
    if (ino === place.inode && Number(size) === place.offset) return { batch: none, place }
  }
  const handle = await openLog(real)
  try {
    const { ino, size } = await handle.stat({ bigint: true })
    const isSame = place !== undefined && ino === place.inode && Number(size) >= place.offset
    if (!isSame) {
      const { lines, offset } = await readLastLines(handle, limit)
      return {
        batch: { ...none, lines: [...lines], restarted: place !== undefined },
        place: { inode: ino, offset },
      }
    }
    const { lines, passedOver, offset } = await readGrowth(handle, place.offset, Number(size))
    const kept = lines.slice(-logLimits.lines)
    // of lines that are not even read, there was one at least
    const dropped = lines.length - kept.length + (passedOver > 0 ? 1 : 0)
    return { batch: { ...none, lines: kept, dropped }, place: { inode: ino, offset } }
  } finally {
    await handle.close()
  }
}
