import type { EventSourceStatus } from '@bangui/shared'
import type { LocalHostContext } from '../host/local-host-context.ts'
import type { FindBanTimes } from '../daemon-time/observe-bans.ts'
import { withLog, type EventPosition } from './event-position.ts'
import { createFileTail } from './file-tail.ts'
import type { LogCursor } from './follow-log.ts'
import { createJournalTail, type JournalCursor, type SpawnJournal } from './journal-tail.ts'
import type { LogTail, OnChange } from './log-tail.ts'
import { withLogLevel } from './log-level.ts'
import { findLogSettings, type LogTarget } from './log-target.ts'
import { createTimestamper, type Timestamper } from './timestamp-lines.ts'

/** The part of the host that a source needs. */
export type SourceContext = Pick<LocalHostContext, 'connection' | 'configDir' | 'clock' | 'clocks'>

export interface SourceOptions {
  readonly position: Pick<EventPosition, 'logs' | 'journal' | 'times'>
  readonly onChange: OnChange
  /** @default journalctl itself */
  readonly spawnJournal?: SpawnJournal | undefined
  readonly findBanTimes?: FindBanTimes | undefined
}

const LOOK_INTERVAL_MS = 5000
const LOOK_AGAIN_MS = 1000

/** Creates the source of log records: the file or journal that fail2ban logs to now. */
export function createLogSource(context: SourceContext, options: SourceOptions) {
  const { onChange } = options
  let { logs, journal, times } = options.position
  let target: LogTarget | undefined
  let found: LogTarget | undefined
  let level: string | undefined
  let tail: LogTail | undefined
  let timestamper: Timestamper | undefined
  let isLooking = false
  let lookedAt = Number.NEGATIVE_INFINITY
  const look = async () => {
    isLooking = true
    lookedAt = performance.now()
    const settings = await findLogSettings(context)
    found = settings.target
    level = settings.level
    isLooking = false
    onChange()
  }
  const stopListening = context.connection.onConnectionEvent(() => {
    lookedAt = Number.NEGATIVE_INFINITY
    onChange()
  })

  const save = () => {
    times = timestamper?.state() ?? times
    const cursor = tail?.cursor()
    if (cursor === undefined) return
    // each kind of tail has its own kind of cursor
    if (target?.kind === 'file') logs = withLog(logs, target.path, cursor as LogCursor)
    if (target?.kind === 'journal') journal = cursor as JournalCursor
  }

  const openTail = async (next: LogTarget): Promise<LogTail | undefined> => {
    if (next.kind === 'none') return undefined
    const { clock, clocks } = context
    const { findBanTimes, spawnJournal: spawn } = options
    await clocks.refresh()
    timestamper = createTimestamper({ clocks, clock, state: times, findBanTimes })
    if (next.kind === 'file') {
      return createFileTail({ path: next.path, cursor: logs[next.path], timestamper, onChange, clock })
    }
    return createJournalTail({
      cursor: journal ?? undefined,
      timestamper,
      onChange,
      clock,
      spawn,
    })
  }

  return {
    /** Finds out where fail2ban logs to, every few seconds. Waits for the first answer only. */
    async refresh() {
      const interval = tail?.status().state === 'following' ? LOOK_INTERVAL_MS : LOOK_AGAIN_MS
      if (isLooking || performance.now() < lookedAt + interval) return
      const looking = look()
      if (target === undefined) await looking
    },
    async read() {
      const records = await tail?.read()
      if (records !== undefined || found === undefined) return records
      if (keyOfTarget(found) === keyOfTarget(target)) return records
      // fail2ban logs elsewhere by now, and everything that it wrote before is read
      save()
      await tail?.close()
      target = found
      tail = await openTail(target)
      return []
    },
    isSettled: (since: number) => tail?.isSettled(since) ?? true,
    status: (): EventSourceStatus => {
      if (tail) return withLogLevel(tail.status(), level)
      if (target?.kind === 'none') return target.status
      return { kind: 'none', state: 'daemon_offline', path: null, message: null }
    },
    position() {
      save()
      return { logs, journal, times }
    },
    async close() {
      stopListening()
      await tail?.close()
    },
  }
}

const keyOfTarget = (target: LogTarget | undefined) => JSON.stringify(target)
