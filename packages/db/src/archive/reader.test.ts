import { boundsOf } from '@bangui/shared'
import { expect, it, onTestFinished } from 'vitest'
import { createTestArchive, type TestBan } from './queries/test-archive.ts'
import { createArchiveReaders } from './reader.ts'
import type { Methods } from '@bangui/async/worker'
import { startWorker, type RpcFactory } from './archive-worker.ts'

const now = Date.UTC(2026, 5, 1, 12, 30)
const day = 86_400_000

async function openReader(bans: readonly TestBan[]) {
  const archive = await createTestArchive(bans)
  const readers = createArchiveReaders(archive.path)
  onTestFinished(() => readers.close())
  const reader = readers.forHosts('all')
  return { archive, reader }
}

const example: readonly TestBan[] = [
  ...[1, 2, 3].map((ago) => ({ address: '192.0.2.1', at: now - ago * 1000, country: 'DE' })),
  { address: '192.0.2.2', at: now - 5000, jail: 'nginx', active: true, until: null, duration: -1 },
  { address: '198.51.100.1', at: now - 1.5 * day, country: 'FR' },
]
const today = { named: '24h', bounds: boundsOf('24h', now), now } as const

it('answers from workers what the queries say', async () => {
  const { reader } = await openReader(example)
  const { rows } = await reader.listHistory({ filter: {}, cursor: null, limit: 2 })
  expect(rows.map(({ address }) => address)).toEqual(['192.0.2.1', '192.0.2.1'])
  expect(await reader.findActive(['192.0.2.0/24'])).toMatchObject([{ address: '192.0.2.2', until: null }])
  expect(await reader.getBan(99)).toBeUndefined()
  expect((await reader.describeAddress('0.0.0.0/0')).totals.bans).toBe(5)
})

it('gives an overview with the span before', async () => {
  const { archive, reader } = await openReader(example)
  // it was there before both spans
  archive.reading.sqlite.exec(`update migrations set applied_at = 0 where name = 'archive'`)
  const overview = await reader.overview(today)
  expect(overview).toMatchObject({
    ...today.bounds,
    bans: 4,
    addresses: 2,
    newAddresses: 2,
    activeBans: 1,
    previous: { bans: 1, addresses: 1, newAddresses: 1, failures: 0 },
    asOf: now,
  })
  const { bucketSeconds, ...curves } = overview.sparklines
  expect(bucketSeconds).toBe(3600)
  expect(Object.values(curves).map((points) => points.length)).toEqual([24, 24, 24, 24])
  expect(overview.sparklines.activeBans.at(-1)).toBe(1)
})

it('gives top lists, as long as was asked', async () => {
  const { reader } = await openReader(example)
  const all = { named: 'all', bounds: boundsOf('all', now), now, limit: 10 } as const
  expect(await reader.topAddresses({ ...today, limit: 1 })).toMatchObject([
    { key: '192.0.2.1', bans: 3, country: 'DE', jails: 1, asOf: now },
  ])
  expect(await reader.topNetworks(all)).toMatchObject([
    { key: '192.0.2.0/24', bans: 4, addresses: 2, country: 'DE' },
    { key: '198.51.100.0/24', bans: 1, country: 'FR' },
  ])
  expect(await reader.repeatOffenders(all)).toMatchObject([{ key: '192.0.2.1' }])
  expect(await reader.byCountry(all)).toMatchObject([{ key: 'DE', bans: 3 }, { key: '??' }, { key: 'FR' }])
  expect(await reader.byJail(all)).toMatchObject([
    { key: 'sshd', bans: 4 },
    { key: 'nginx', bans: 1 },
  ])
  expect((await reader.trend({ ...today, buckets: 24, measure: 'bans' })).series).toHaveLength(2)
})

it('tells how a long counting gets on and ends it when told to', async () => {
  const { reader } = await openReader(example)
  const query = { named: null, bounds: { from: now - day + 1, to: now }, now, limit: 5 }
  const told: number[] = []
  await reader.topAddresses(query, { onProgress: (done, total) => told.push(done / total) })
  expect(told.at(-1)).toBe(1)
  const controller = new AbortController()
  const cancelled = reader.topAddresses(
    { ...query, bounds: { from: now - 2 * day, to: now } },
    { signal: controller.signal, onProgress: () => controller.abort() },
  )
  await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' })
  expect(await reader.topAddresses({ ...query, bounds: { from: now - 2 * day, to: now } })).toHaveLength(3)
})

it('gives addresses by country, of a span and of now', async () => {
  const { reader } = await openReader(example)
  expect(await reader.addressesByCountry({ ...today, limit: 10 })).toEqual([
    { key: '??', bans: 1, addresses: 1, asOf: now },
    { key: 'DE', bans: 3, addresses: 1, asOf: now },
  ])
  expect(await reader.activeByCountry({ now, limit: 10 })).toEqual([
    { key: '??', bans: 1, addresses: 1, asOf: now },
  ])
})

it('ends a counting when it is closed', async () => {
  const archive = await createTestArchive(example)
  const counting = Promise.withResolvers<void>()
  const readers = createArchiveReaders(archive.path, startTelling(counting.resolve))
  const reader = readers.forHosts('all')
  const asked = reader.topNetworks({ named: null, bounds: { from: now - 2 * day, to: now }, now, limit: 5 })
  const [refused] = await Promise.all([
    asked.catch((error: unknown) => error),
    counting.promise.then(() => readers.close()),
  ])
  expect(refused).toMatchObject({ name: 'AbortError' })
})

/** Tells when a counting is asked for, before the worker can have begun. */
const startTelling =
  (onCount: () => void): RpcFactory =>
  <TMethods extends Methods<TMethods>>(...args: Parameters<RpcFactory>) => {
    const rpc = startWorker<TMethods>(...args)
    const call: typeof rpc.call = (method, ...rest) => {
      if (method === 'count') onCount()
      return rpc.call(method, ...rest)
    }
    return { ...rpc, call }
  }

it('leaves to the worker that counts what would keep others waiting', async () => {
  const asked: string[] = []
  const workers = ['answers', 'counts']
  const start: RpcFactory = () => {
    const worker = workers.shift()
    return {
      call(method: string) {
        asked.push(`${worker} ${method}`)
        return Promise.resolve(null as never)
      },
      close: () => Promise.resolve(),
      terminate: () => Promise.resolve(),
    }
  }
  const readers = createArchiveReaders('/data/bangui.db', start)
  onTestFinished(() => readers.close())
  const reader = readers.forHosts('all')
  const hour = { named: null, bounds: { from: now - 3_600_000, to: now }, now }
  await reader.listHistory({ filter: {}, cursor: null, limit: 5 })
  await reader.byJail(today)
  await reader.byJail(hour)
  await reader.trend({ ...hour, buckets: 60, measure: 'bans' })
  expect(asked).toEqual([
    'answers listHistoryQuickly',
    'counts listHistory',
    'answers byJail',
    'counts byJail',
    'counts trend',
  ])
})
