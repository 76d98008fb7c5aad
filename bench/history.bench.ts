import { join } from 'node:path'
import { openArchive, openDatabase, type Archive, type StatsQuery } from '@bangui/db'
import { boundsOf, keyRangeOf, parseAddress, type NamedRange } from '@bangui/shared'
import type { Bench, BenchContext, Measure } from './lib/bench.ts'
import { inventedAddress, ownFolder } from './lib/daemons.ts'
import { quantile, timed } from './lib/numbers.ts'
import { seedArchive } from './lib/seed-archive.ts'

const ranges: readonly NamedRange[] = ['24h', '7d', '30d', '90d', '365d', 'all']
const ROUNDS = 40
const PAGE = 50
const IMPORTED = 1_000_000
const IMPORT_PAGE = 2_000

/** The archive with a million bans: what is asked of it, and an import of as many into an empty one. */
export const run: Bench = async (context) => [
  ...(await measureReads(context, { bans: 1_000_000, addresses: 400_000, named: 'a million' })),
  await measureImport(context),
]

/** The archive with ten million bans, and the steady intake beside them. */
export const runLarge: Bench = (context) =>
  measureReads(context, { bans: 10_000_000, addresses: 1_500_000, named: 'ten million' }, measureIntake)

interface Size {
  readonly bans: number
  readonly addresses: number
  readonly named: string
}

type Further = (context: BenchContext, archive: Archive) => Promise<Measure>

async function measureReads(
  context: BenchContext,
  size: Size,
  further?: Further,
): Promise<readonly Measure[]> {
  const path = join(await ownFolder(context), 'bangui.db')
  context.say(`writing ${size.bans.toLocaleString('en-US')} bans`)
  await seedArchive(path, size)
  const archive = await openArchive({ path })
  context.own({ [Symbol.asyncDispose]: () => archive.close() })
  context.say('asking')
  const measures = [
    ...(await measureNamed(archive, size)),
    ...(await measureFree(archive, size)),
    ...(await measureLists(archive, size)),
  ]
  return further ? [...measures, await further(context, archive)] : measures
}

async function measureNamed(archive: Archive, { named }: Size): Promise<Measure[]> {
  let worst = { what: '', p95: 0 }
  for (const range of ranges) {
    const query = queryOf(range)
    for (const [name, ask] of Object.entries(questions(archive, query))) {
      // the first asks for the digest that the next ones are answered from
      await ask()
      const p95 = await p95Of(ask)
      if (p95 > worst.p95) worst = { what: `${name} of ${range}`, p95 }
    }
  }
  return [
    {
      what: `stats.* of the named ranges, ${named} bans: the slowest of all, p95`,
      value: worst.p95,
      unit: 'ms',
      wanted: 'under 15 ms each',
      ok: worst.p95 < 15,
      note: `${worst.what}; through the worker, ${ROUNDS} times each`,
    },
  ]
}

async function measureFree(archive: Archive, { named }: Size): Promise<Measure[]> {
  const now = Date.now()
  const day = 86_400_000
  const query: StatsQuery = { named: null, bounds: { from: now - 123.4 * day, to: now - 12.3 * day }, now }
  const { trend, byJail, byCountry, topAddresses, topNetworks, repeatOffenders, overview } = questions(
    archive,
    query,
  )
  const sums = Math.max(...(await Promise.all([trend, byJail, byCountry].map((ask) => p95Of(ask, 10)))))
  const tops: number[] = []
  for (const ask of [topAddresses, topNetworks, repeatOffenders, overview]) tops.push(await timed(ask))
  return [
    {
      what: `sums of 111 days that have no name, ${named} bans, p95`,
      value: sums,
      unit: 'ms',
      wanted: 'under 150 ms',
      ok: sums < 150,
    },
    {
      what: `top lists and distinct addresses of them, ${named} bans: the slowest`,
      value: Math.max(...tops),
      unit: 'ms',
      wanted: 'under 3,000 ms',
      ok: Math.max(...tops) < 3_000,
    },
  ]
}

async function measureLists(archive: Archive, { named, bans }: Size): Promise<Measure[]> {
  const list = (cursor: string | null, search?: string) => {
    const address = search === undefined ? undefined : parseAddress(search)
    const filter = address ? { addresses: keyRangeOf(address) } : {}
    return archive.listHistory({ filter, cursor, limit: PAGE })
  }
  const first = await p95Of(() => list(null))
  let cursor: string | null = null
  const deep = Math.min(10_000, bans / PAGE / 2)
  for (let page = 0; page < deep / 10; page++)
    cursor = (await archive.listHistory({ filter: {}, cursor, limit: PAGE * 10 })).nextCursor
  const deepest = await p95Of(() => list(cursor))
  const searches: number[] = []
  for (const text of ['0.0.0.0/1', '77.0.0.0/8', '77.12.0.0/16', '77.12.200.0/24', '77.12.200.9'])
    searches.push(await p95Of(() => list(null, text), 10))
  return [
    {
      what: `history.list, ${named} bans: page ${deep.toLocaleString('en-US')}, p95`,
      value: deepest,
      unit: 'ms',
      reference: { what: 'the first page', value: first },
      wanted: 'under 10 ms each',
      ok: first < 10 && deepest < 10,
    },
    {
      what: `the same in a network from /1 to /32: the slowest, p95`,
      value: Math.max(...searches),
      unit: 'ms',
      wanted: 'under 15 ms at a million',
      ok: bans > 1_000_000 || Math.max(...searches) < 15,
      note: searches.map((time) => `${time.toFixed(1)} ms`).join(', '),
    },
  ]
}

async function measureImport(context: BenchContext): Promise<Measure> {
  const path = join(await ownFolder(context), 'bangui.db')
  const database = await openDatabase({ path })
  await database.migrate()
  await database.close()
  const archive = await openArchive({ path })
  context.own({ [Symbol.asyncDispose]: () => archive.close() })
  context.say(`importing ${IMPORTED.toLocaleString('en-US')} bans`)
  const took = await timed(() => importBans(archive, IMPORTED))
  const { bans } = await archive.overview({ ...queryOf('all') })
  return {
    what: 'importing a million bans into an empty archive',
    value: took / 1_000,
    unit: 's',
    wanted: 'under 30 s',
    ok: took < 30_000 && bans === IMPORTED,
    note: `${Math.round(IMPORTED / (took / 1_000)).toLocaleString('en-US')} bans a second; ${bans.toLocaleString('en-US')} are there`,
  }
}

const measureIntake: Further = async (context, archive) => {
  const count = 200_000
  context.say(`importing ${count.toLocaleString('en-US')} bans beside those`)
  const took = await timed(() => importBans(archive, count))
  const pace = count / (took / 1_000)
  return {
    what: 'importing beside ten million bans',
    value: pace,
    unit: 'rows/s',
    wanted: 'at least 20,000 a second',
    ok: pace >= 20_000,
  }
}

async function importBans(archive: Archive, count: number): Promise<void> {
  const now = Date.now()
  const begin = now - 365 * 86_400_000
  const step = (now - begin - 86_400_000) / count
  for (let done = 0; done < count; done += IMPORT_PAGE) {
    const bans = Array.from({ length: IMPORT_PAGE }, (_, index) => ({
      jail: 'sshd',
      address: inventedAddress((done + index) % 600_000),
      bannedAt: Math.floor((begin + (done + index) * step) / 1_000) * 1_000,
      duration: 600,
      times: 1,
      attempts: 5,
      lines: [],
      country: 'NL',
    }))
    await archive.importBans({ bans, position: { name: 'bench', value: String(done) }, now })
  }
}

const queryOf = (named: NamedRange): StatsQuery => {
  const now = Date.now()
  return { named, bounds: boundsOf(named, now), now }
}

const questions = (archive: Archive, query: StatsQuery) => ({
  overview: () => archive.overview(query),
  trend: () => archive.trend({ ...query, buckets: 60, measure: 'bans' }),
  byJail: () => archive.byJail(query),
  byCountry: () => archive.byCountry({ ...query, limit: 10 }),
  topAddresses: () => archive.topAddresses({ ...query, limit: 10 }),
  topNetworks: () => archive.topNetworks({ ...query, limit: 10 }),
  repeatOffenders: () => archive.repeatOffenders({ ...query, limit: 10 }),
})

async function p95Of(ask: () => Promise<unknown>, rounds = ROUNDS): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) times.push(await timed(ask))
  return quantile(times, 0.95)
}
