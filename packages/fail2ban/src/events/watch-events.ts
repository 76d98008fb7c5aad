import type { EventSourceStatus } from '@bangui/shared'
import type { HostContext } from '../host/context.ts'
import type { HostEventBatch } from '../host.ts'
import { createJailQuestion, type JailAnswer } from './ask-jails.ts'
import { readPosition, withLog, writePosition, type EventPosition } from './event-position.ts'
import { createFileTail } from './file-tail.ts'
import type { LogCursor } from './follow-log.ts'
import { createJournalTail, type JournalCursor, type SpawnJournal } from './journal-tail.ts'
import type { LogTail } from './log-tail.ts'
import { findDaemonZone, findLogTarget, type LogTarget } from './log-target.ts'
import { createUnbanSettler } from './settle-unbans.ts'
import { createTeller } from './tell.ts'
import { createWakeup } from './wakeup.ts'
import { createZoneClock } from './zone-clock.ts'

export interface WatchOptions {
  /** of the last batch that was taken in; null: none */
  readonly position: string | null
  readonly signal: AbortSignal
  /** @default journalctl itself */
  readonly spawnJournal?: SpawnJournal | undefined
}

type WatchContext = Pick<HostContext, 'connection' | 'configDir' | 'clock'>

const BATCH_EVENTS = 500
/** Reads without an event after which the place is worth keeping all the same: 2 MB of a file. */
const QUIET_READS = 64
/** The kernel tells what happens to a file; this is for file systems where it does not. */
const POLL = 1000
const SETTLE_POLL = 100
const LOOK_INTERVAL = 10_000
const LOOK_AGAIN = 1000

/** See `watchEvents` of the host. */
export async function* watchEvents(
  context: WatchContext,
  options: WatchOptions,
): AsyncGenerator<HostEventBatch> {
  const { signal } = options
  const { wake, sleep } = createWakeup(signal)
  const source = createSource(context, options, wake)
  const question = createJailQuestion(context, wake)
  const settler = createUnbanSettler(source.start.settler)
  let answer: JailAnswer | undefined
  let toldStatus = ''
  let isCaughtUp = false
  let isChanged = false
  let quietReads = 0

  const batch = (): HostEventBatch => {
    const events = settler.take(BATCH_EVENTS)
    const position = writePosition({ ...source.position(), settler: settler.state() })
    const found = source.status()
    const status: EventSourceStatus =
      found.state === 'following' && !isCaughtUp ? { ...found, state: 'catching_up' } : found
    toldStatus = keyOf(status)
    isChanged = false
    quietReads = 0
    return { events, position, status }
  }

  const hasNews = () =>
    isChanged ||
    settler.readyCount > 0 ||
    quietReads >= QUIET_READS ||
    (isCaughtUp && keyOf(source.status()) !== toldStatus)

  /** At the end of the log: an answer counts once everything is read that was written before it came. */
  const settle = () => {
    if (answer && source.isSettled(answer.at)) {
      // long silence is no stop under way, even where the daemon is gone by now
      if (!answer.jails?.size) settler.expire(context.clock())
      if (answer.jails) isChanged = settler.answer(answer.mark, answer.jails) || isChanged
      answer = undefined
    }
    const mark = settler.mark()
    if (mark !== undefined && answer === undefined) question.ask(mark)
  }

  try {
    while (!signal.aborted) {
      await source.refresh()
      answer ??= question.take()
      const told = await source.read()
      for (const one of told ?? []) settler.push(one)
      if (told?.length === 0) quietReads++
      if (told === undefined) {
        isCaughtUp = true
        settle()
      }
      while (hasNews() && !signal.aborted) yield batch()
      if (told === undefined) await sleep(source.isSettled(answer?.at ?? 0) ? POLL : SETTLE_POLL)
    }
  } finally {
    await source.close()
  }
}

const keyOf = (status: EventSourceStatus) => JSON.stringify(status)

/** What fail2ban logs to, wherever that is now. */
function createSource(context: WatchContext, options: WatchOptions, wake: () => void) {
  const start: EventPosition = (options.position === null ? undefined : readPosition(options.position)) ?? {
    logs: {},
    journal: null,
    settler: { stopping: false, ready: [], held: [] },
  }
  let { logs, journal } = start
  let target: LogTarget | undefined
  let found: LogTarget | undefined
  let tail: LogTail | undefined
  let isLooking = false
  let lookedAt = Number.NEGATIVE_INFINITY
  const look = async () => {
    isLooking = true
    lookedAt = performance.now()
    found = await findLogTarget(context)
    isLooking = false
    wake()
  }
  const stopListening = context.connection.onSignal(() => {
    lookedAt = Number.NEGATIVE_INFINITY
    wake()
  })

  const save = () => {
    const cursor = tail?.cursor()
    if (cursor === undefined) return
    // each kind of tail gives its own kind of cursor
    if (target?.kind === 'file') logs = withLog(logs, target.path, cursor as LogCursor)
    if (target?.kind === 'journal') journal = cursor as JournalCursor
  }

  const openTail = async (next: LogTarget): Promise<LogTail | undefined> => {
    if (next.kind === 'none') return undefined
    const teller = createTeller(createZoneClock(await findDaemonZone(context.configDir)), context.clock)
    if (next.kind === 'file') {
      return createFileTail({ path: next.path, cursor: logs[next.path], teller, onChange: wake })
    }
    const { spawnJournal: spawn } = options
    return createJournalTail({
      cursor: journal ?? undefined,
      teller,
      onChange: wake,
      clock: context.clock,
      spawn,
    })
  }

  return {
    start,
    /** Looks where fail2ban logs to, now and then. Waits for the first look only. */
    async refresh() {
      const interval = tail?.status().state === 'following' ? LOOK_INTERVAL : LOOK_AGAIN
      if (isLooking || performance.now() < lookedAt + interval) return
      const looking = look()
      if (target === undefined) await looking
    },
    async read() {
      const told = await tail?.read()
      if (told !== undefined || found === undefined || keyOfTarget(found) === keyOfTarget(target)) return told
      // fail2ban logs elsewhere by now, and what it wrote before is read
      save()
      await tail?.close()
      target = found
      tail = await openTail(target)
      return []
    },
    isSettled: (since: number) => tail?.isSettled(since) ?? true,
    status: (): EventSourceStatus =>
      tail?.status() ??
      (target?.kind === 'none'
        ? target.status
        : { kind: 'none', state: 'daemon_offline', path: null, message: null }),
    position() {
      save()
      return { logs, journal }
    },
    async close() {
      stopListening()
      await tail?.close()
    },
  }
}

const keyOfTarget = (target: LogTarget | undefined) => JSON.stringify(target)
