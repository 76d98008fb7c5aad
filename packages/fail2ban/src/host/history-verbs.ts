import { keyedSingleFlight } from '@bangui/async'
import { getDatabaseFile, getDatabasePurgeAge } from '../commands.ts'
import { daemonOption } from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import {
  createDaemonDatabase,
  type DaemonDatabase,
  type DaemonDatabaseAnswers,
  type DaemonDatabaseQuery,
  type DaemonDatabaseQuestion,
} from '../database/daemon-database.ts'
import type { FindBanTimes } from '../daemon-time/observe-bans.ts'
import { DaemonDatabaseError, Fail2banUnavailableError } from '../errors.ts'
import type { DaemonBanPage } from '../models/ban-models.ts'
import type { HistoryVerbs } from '../verbs/history.ts'
import type { LiveCounts } from '../live-counts.ts'
import { deadlines, type LocalHostContext } from './local-host-context.ts'
import { createBoundedMutex } from './host-lock.ts'

interface LocalHistoryVerbs extends HistoryVerbs {
  /** When bans began, for each pair its own; none where the database cannot be read. */
  readonly findBanTimes: FindBanTimes
  /** Ends the thread that reads. */
  close(): Promise<void>
}

/** How many long readings may wait for the one under way. */
const MAX_WAITING = 100

/** Creates the verbs about fail2ban's own database. The daemon is asked where it is; a daemon that is offline still has its file. */
export function createHistoryVerbs(
  context: LocalHostContext,
  database: DaemonDatabase = createDaemonDatabase(),
): LocalHistoryVerbs {
  // one at a time: a short reading that is urgent waits for one of them at most
  const oneLongReading = createBoundedMutex(MAX_WAITING)
  let lastPath: string | undefined
  /** @throws DaemonDatabaseError where fail2ban keeps none in a file */
  const findPath = async () => {
    const path = await askForPath(context, lastPath)
    const why = whyNoFile(path)
    lastPath = why === null ? path : undefined
    if (why !== null) throw new DaemonDatabaseError({ state: 'off', path: null, message: why })
    return path
  }
  const ask = async <TKind extends DaemonDatabaseQuestion>(
    kind: TKind,
    query: DaemonDatabaseQuery<TKind>,
  ): Promise<DaemonDatabaseAnswers[TKind]> => {
    return database.ask(await findPath(), kind, query)
  }
  const readPage = async (
    page: Parameters<HistoryVerbs['readBans']>[0],
    table: 'bans' | 'bips',
  ): Promise<DaemonBanPage> => {
    const found = await ask('page', { ...page, table, now: context.clock() })
    const isTest = await context.proofs.open()
    return {
      ...found,
      rows: found.rows.filter(({ jail, address, bannedAt }) => !isTest(jail, address, bannedAt)),
    }
  }
  // a dashboard asks for several numbers of the same span at once
  const sharedCount = keyedSingleFlight<LiveCounts>()
  return {
    readBans: (page) => readPage(page, 'bans'),
    readActiveBans: (page) => readPage(page, 'bips'),
    list: (query, options) => oneLongReading(() => ask('list', query), options),
    count({ from, to, bucketSeconds }, options) {
      const query = { from, to, bucketSeconds }
      const count = (signal: AbortSignal) => oneLongReading(() => ask('count', query), { signal })
      return sharedCount(JSON.stringify(query), count, options)
    },
    async recordedSince(options) {
      const first = await oneLongReading(() => ask('first', null), options)
      const kept = context.clock() - (await askForPurgeAge(context)) * 1000
      return Math.max(0, Math.min(first ?? kept, kept))
    },
    async databaseStatus() {
      try {
        const path = await findPath()
        await database.ask(path, 'check', null)
        return { state: 'ok', path, message: null }
      } catch (error) {
        if (error instanceof DaemonDatabaseError) return error.params.status
        const message = error instanceof Error ? error.message : String(error)
        return { state: 'unknown', path: lastPath ?? null, message }
      }
    },
    findBanTimes: (pairs) => ask('times', pairs).catch(() => []),
    close: () => database.close(),
  }
}

/** `None` where fail2ban keeps none. Of a daemon that does not answer, the one known last, else the configured one. */
async function askForPath(context: LocalHostContext, lastPath: string | undefined): Promise<string> {
  try {
    return (await getDatabaseFile(context.connection, deadlines.read)) ?? 'None'
  } catch (error) {
    if (!(error instanceof Fail2banUnavailableError)) throw error
    return lastPath ?? daemonOption(await readFail2banConfig(context.configDir), 'dbfile')
  }
}

/** fail2ban's default of `dbpurgeage`, in seconds. */
const DEFAULT_PURGE_AGE_SECONDS = 86_400

/** For how long fail2ban keeps bans, in seconds; of a daemon that does not answer, what most of them have. */
async function askForPurgeAge({ connection }: LocalHostContext): Promise<number> {
  try {
    return (await getDatabasePurgeAge(connection, deadlines.read)) ?? DEFAULT_PURGE_AGE_SECONDS
  } catch (error) {
    if (!(error instanceof Fail2banUnavailableError)) throw error
    return DEFAULT_PURGE_AGE_SECONDS
  }
}

/** Why a `dbfile` is no file that could be read; null: it is one. */
function whyNoFile(dbfile: string): string | null {
  const consequence = 'so what it knows is lost when it restarts.'
  if (dbfile.toLowerCase() === 'none') return `fail2ban keeps no database (dbfile = None), ${consequence}`
  if (dbfile === ':memory:')
    return `fail2ban keeps its database in memory (dbfile = :memory:), where only fail2ban can read it, ${consequence}`
  if (dbfile !== '') return null
  return `fail2ban keeps its database in a file without a name (dbfile is empty), which only fail2ban can read, ${consequence}`
}
