import { createProcessZones, findOwnZone } from '../../daemon-time/process-zone.ts'
import { createReadClock, parseLocal, type ReadClock } from '../../daemon-time/zone.ts'
import { findLogSettings } from '../../events/log-target.ts'
import type { ReadTime } from '../own-log/own-log-reader.ts'
import { rootOf } from './collect-process.ts'
import { UnseenError, type Collecting, type Collector } from './collector.ts'

/** Sees what fail2ban's own log says: a file, or the journal. */
export const collectOwnLog: Collector<'ownLog'> = async (collecting) => {
  const { target } = await findLogSettings(collecting.context)
  if (target.kind === 'journal') return readOwnJournal(collecting)
  if (target.kind === 'none')
    throw new UnseenError(target.status.message ?? 'fail2ban has no log that can be read.')
  const path = `${await daemonRoot(collecting)}${target.path}`
  try {
    return await collecting.memory.ownLog.read(path, createReadTime())
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UnseenError(`fail2ban's log ${path} cannot be read: ${reason}`)
  }
}

async function readOwnJournal({ get, memory }: Collecting) {
  const found = await get('process').catch(() => null)
  if (found !== null && found.sameMounts !== true)
    throw new UnseenError('fail2ban logs to a journal, and runs with other files than BanGUI.')
  try {
    return await memory.ownJournal.read()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UnseenError(`fail2ban logs to the journal, which cannot be read: ${reason}`)
  }
}

/** Returns the root of the daemon's files, or that of BanGUI where the daemon is not seen. */
export async function daemonRoot({ get }: Pick<Collecting, 'get'>): Promise<string> {
  const found = await get('process').catch(() => null)
  return found === null ? '' : rootOf(found).catch(() => '')
}

const MAX_CLOCKS = 1000

/** The log is in the zone of the process that wrote it; of one that has ended, in that of this process. */
function createReadTime(): ReadTime {
  const findZone = createProcessZones()
  const clocks = new Map<number, ReadClock>()
  const clockOf = (pid: number) => {
    const made = clocks.get(pid) ?? createReadClock(findZone(pid) ?? findOwnZone())
    if (clocks.size < MAX_CLOCKS) clocks.set(pid, made)
    return made
  }
  return (text, pid) => {
    const local = parseLocal(text)
    return local === undefined ? undefined : clockOf(pid)(local).at(-1)
  }
}
