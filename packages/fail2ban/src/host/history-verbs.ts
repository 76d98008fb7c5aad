import type { DaemonDatabaseStatus } from '@bangui/shared'
import { getDatabaseFile } from '../commands.ts'
import { daemonOption } from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { createDaemonDatabase, type DaemonDatabase } from '../database/daemon-database.ts'
import type { Answers } from '../database/messages.ts'
import type { FindBanTimes } from '../daemon-time/observe-bans.ts'
import { DaemonDatabaseError, Fail2banUnavailableError } from '../errors.ts'
import type { Fail2banHost } from '../host.ts'
import type { LiveCounts } from '../live-counts.ts'
import { deadlines, type HostContext } from './context.ts'
import { createTurns } from './exclusive.ts'
import { createSharedWork } from './shared-work.ts'

interface HistoryVerbs extends Pick<
  Fail2banHost,
  'readBanHistory' | 'readActiveBans' | 'listLiveBans' | 'countLiveBans' | 'databaseStatus'
> {
  /** When bans began, for each pair its own; none where the database cannot be read. */
  readonly findBanTimes: FindBanTimes
  /** Ends the thread that reads. */
  close(): Promise<void>
}

/** Long readings that may wait for their turn. */
const MOST_WAITING = 100

/** The verbs about fail2ban's own database. It is found by asking the daemon; one that is down still has its file. */
export function createHistoryVerbs(
  context: HostContext,
  database: DaemonDatabase = createDaemonDatabase(),
): HistoryVerbs {
  // one at a time, so that what the safety net asks waits for one of them at most
  const inTurn = createTurns({ mayWait: MOST_WAITING })
  let lastPath: string | undefined
  const findPath = async () => {
    const path = await askForPath(context, lastPath)
    lastPath = path ?? undefined
    return path
  }
  const ask = async <TKind extends keyof Answers>(kind: TKind, query: Answers[TKind]['query']) => {
    const path = await findPath()
    if (path === null) throw new DaemonDatabaseError(off)
    return database.ask(path, kind, query)
  }
  // a dashboard asks for several figures of the same span at once
  const shared = createSharedWork<LiveCounts>()
  return {
    readBanHistory: (page) => ask('page', { ...page, table: 'bans', now: context.clock() }),
    readActiveBans: (page) => ask('page', { ...page, table: 'bips', now: context.clock() }),
    listLiveBans: (query, { signal } = {}) => inTurn(() => ask('list', query), signal),
    countLiveBans({ from, to, bucketSeconds }, { signal } = {}) {
      const query = { from, to, bucketSeconds }
      return shared(JSON.stringify(query), (wanted) => inTurn(() => ask('count', query), wanted), signal)
    },
    async databaseStatus() {
      try {
        const path = await findPath()
        if (path === null) return off
        await database.ask(path, 'check', null)
        return { state: 'ok', path, message: null }
      } catch (error) {
        if (error instanceof DaemonDatabaseError) return error.status
        const message = error instanceof Error ? error.message : String(error)
        return { state: 'unknown', path: lastPath ?? null, message }
      }
    },
    findBanTimes: (pairs) => ask('times', pairs).catch(() => []),
    close: () => database.close(),
  }
}

const off: DaemonDatabaseStatus = {
  state: 'off',
  path: null,
  message: 'fail2ban keeps no database (dbfile = None), so what it knows is lost when it restarts.',
}

/** Null: fail2ban keeps none. Of a daemon that does not answer, the one known last, else the configured one. */
async function askForPath(context: HostContext, lastPath: string | undefined): Promise<string | null> {
  try {
    return inFile(await getDatabaseFile(context.connection, deadlines.read))
  } catch (error) {
    if (!(error instanceof Fail2banUnavailableError)) throw error
    return lastPath ?? inFile(daemonOption(await readFail2banConfig(context.configDir), 'dbfile'))
  }
}

const inFile = (path: string | null) =>
  path === null || path.toLowerCase() === 'none' || path === ':memory:' ? null : path
