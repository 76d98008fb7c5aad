import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { HostArchive } from '@bangui/db'
import BetterSqlite3 from 'better-sqlite3'
import { boundsBefore, type Bounds, type KeyRange } from '@bangui/shared'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** A ban's place in the history, newest first. */
export interface Place {
  readonly at: number
  readonly id: number
}

/** The questions of an archive as plain statements on its file. */
interface BareStatements {
  byJail(bounds: Bounds): unknown[]
  byCountry(bounds: Bounds): unknown[]
  trend(bounds: Bounds): unknown[]
  overview(bounds: Bounds): unknown[]
  /** Top addresses and networks, and the distinct addresses of the span and of the one before. */
  countDistinct(bounds: Bounds): unknown[]
  history(limit: number, after?: Place): Place[]
  search(range: KeyRange, limit: number): unknown[]
  /** The newest of the active bans, and how many there are. */
  active(limit: number): unknown[]
}

/** A question to the thread that runs the statements. */
export interface BareQuestion {
  readonly question: keyof BareStatements
  readonly args: readonly unknown[]
}

/** Plain statements in a thread of their own, as those of an archive are. */
export type BareArchive = AsyncDisposable & {
  [TName in keyof BareStatements]: (
    ...args: Parameters<BareStatements[TName]>
  ) => Promise<ReturnType<BareStatements[TName]>>
}

export interface ArchiveSize {
  readonly bans: number
  readonly addresses: number
  readonly named: string
}

/** An archive, and plain statements on the same file. */
export interface AskedArchive {
  readonly archive: HostArchive
  readonly bare: BareArchive
  readonly size: ArchiveSize
}

/** Starts the thread; one question at a time. */
export function startBareArchive(path: string): BareArchive {
  const worker = new Worker(new URL('../programs/bare-archive.ts', import.meta.url), { workerData: { path } })
  const ask = async (question: keyof BareStatements, args: readonly unknown[]) => {
    const answered = once(worker, 'message')
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage({ question, args } satisfies BareQuestion)
    const [answer] = (await answered) as [never]
    return answer
  }
  return {
    byJail: (...args) => ask('byJail', args),
    byCountry: (...args) => ask('byCountry', args),
    trend: (...args) => ask('trend', args),
    overview: (...args) => ask('overview', args),
    countDistinct: (...args) => ask('countDistinct', args),
    history: (...args) => ask('history', args),
    search: (...args) => ask('search', args),
    active: (...args) => ask('active', args),
    async [Symbol.asyncDispose]() {
      await worker.terminate()
    },
  }
}

/** Opens the file of an archive with the pragmas that its readers use. */
export function openBareArchive(path: string): BareStatements {
  const sqlite = new BetterSqlite3(path, { readonly: true, fileMustExist: true })
  sqlite.pragma('temp_store = memory')
  sqlite.pragma('cache_size = -16384')
  const statements = new Map<string, BetterSqlite3.Statement>()
  const all = (text: string, ...parameters: readonly unknown[]): unknown[] => {
    const statement = statements.get(text) ?? sqlite.prepare(text)
    statements.set(text, statement)
    return statement.all(...parameters)
  }
  const byJail = (bounds: Bounds) => all(totalsBy('jail'), edgesOf(bounds))
  const trend = (bounds: Bounds) => all(trendOf(bounds), bounds)
  return {
    byJail,
    byCountry: (bounds) => all(totalsBy('country'), edgesOf(bounds)),
    trend,
    overview(bounds) {
      const before = boundsBefore(bounds)
      return [
        ...byJail(bounds),
        ...(before ? byJail(before) : []),
        ...trend(bounds),
        ...all('select count(*) from bans where active = 1'),
      ]
    },
    countDistinct(bounds) {
      const before = boundsBefore(bounds)
      return [bounds, ...(before ? [before] : [])]
        .flatMap((span) => all(`select count(distinct address) from bans ${inSpan}`, span))
        .concat(all(topAddresses, bounds), all(topNetworks, bounds))
    },
    history: (limit, after) =>
      after
        ? (all(`${banRows} where (b.at, b.id) < (?, ?) ${newestFirst}`, after.at, after.id, limit) as Place[])
        : (all(`${banRows} ${newestFirst}`, limit) as Place[]),
    active: (limit) => [
      ...all(
        `${banRows} where b.active = 1 order by coalesce(b.began_at, b.at) desc, b.id desc limit ?`,
        limit,
      ),
      ...all('select count(*) from bans where active = 1'),
    ],
    search: ({ from, to }, limit) =>
      all(`${banRows} where b.address between ? and ? ${newestFirst}`, from, to, limit),
  }
}

const inSpan = 'where at >= :from and at < :to'

const topAddresses = `select address, count(*) as bans, min(at) as first_at, max(at) as last_at from bans ${inSpan}
  group by address order by bans desc, last_at desc limit 500`

const topNetworks = `select substr(address, 1, 4) as network, count(*) as bans, count(distinct address) as addresses,
  max(at) as last_at from bans ${inSpan} group by network order by bans desc, last_at desc limit 500`

const banRows = 'select b.*, j.name as jail from bans b join archive_jails j on j.id = b.jail_id'

const newestFirst = 'order by b.at desc, b.id desc limit ?'

/** The totals of a span from whole days and hours, and ban by ban at either end. */
function totalsBy(kind: 'jail' | 'country'): string {
  const key = kind === 'jail' ? 'jail_id' : 'country'
  const rollUps = (unit: 'hours' | 'days', from: string, to: string) =>
    `select ${key}, bans from ${kind}_${unit} where start >= :${from} and start < :${to}`
  const bans = (from: string, to: string) =>
    `select ${key}, count(*) as bans from bans where at >= :${from} and at < :${to} group by ${key}`
  const parts = [
    bans('from', 'firstHour'),
    rollUps('hours', 'firstHour', 'firstDay'),
    rollUps('days', 'firstDay', 'lastDay'),
    rollUps('hours', 'lastDay', 'lastHour'),
    bans('lastHour', 'to'),
  ]
  return `select ${key}, sum(bans) as bans from (${parts.join(' union all ')}) group by ${key} order by bans desc`
}

function edgesOf({ from, to }: Bounds) {
  const [firstHour, lastHour] = [ceil(from, HOUR_MS), floor(to, HOUR_MS)]
  const [firstDay, lastDay] = [ceil(from, DAY_MS), floor(to, DAY_MS)]
  const hasDays = firstDay < lastDay
  return {
    from,
    to,
    firstHour,
    lastHour,
    ...(hasDays ? { firstDay, lastDay } : { firstDay: lastHour, lastDay: lastHour }),
  }
}

/** The rows that a chart of some 60 points is drawn from. */
function trendOf({ from, to }: Bounds): string {
  const table = to - from > 60 * DAY_MS ? 'jail_days' : 'jail_hours'
  const size = Math.max(HOUR_MS, ceil((to - from) / 60, HOUR_MS))
  return `select start / ${size} as bucket, jail_id, sum(bans) as bans from ${table}
    where start >= :from and start < :to group by bucket, jail_id`
}

const floor = (time: number, unit: number) => Math.floor(time / unit) * unit
const ceil = (time: number, unit: number) => Math.ceil(time / unit) * unit
