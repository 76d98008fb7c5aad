import { keyRangeOf, parseAddress } from '@bangui/shared'
import type { AskedArchive } from './bare-archive.ts'
import type { Measure } from './bench.ts'
import { median, quantile, timedInTurns } from './numbers.ts'

const PAGE = 50
const ROUNDS = 40
const SEARCH_ROUNDS = 5
const networks = ['0.0.0.0/1', '77.0.0.0/8', '77.12.0.0/16', '77.12.200.0/24', '77.12.200.9']

/** The history, its first page and a deep one. */
export async function measureLists({ archive, bare, size }: AskedArchive): Promise<Measure[]> {
  const list = (cursor: string | null) => archive.listHistory({ filter: {}, cursor, limit: PAGE })
  const first = await timedInTurns(ROUNDS, { ours: () => list(null), bare: () => bare.history(PAGE + 1) })
  const pages = Math.min(10_000, size.bans / PAGE / 2)
  let cursor: string | null = null
  for (let page = 0; page < pages / 10; page++)
    cursor = (await archive.listHistory({ filter: {}, cursor, limit: PAGE * 10 })).nextCursor
  const place = (await bare.history(pages * PAGE)).at(-1)
  const deep = await timedInTurns(ROUNDS, {
    ours: () => list(cursor),
    bare: () => bare.history(PAGE + 1, place),
  })
  return [
    measureOf(`history.list, ${size.named} bans: the first page`, first),
    measureOf(`the same: page ${pages.toLocaleString('en-US')}`, deep),
  ]
}

function measureOf(what: string, { ours, bare }: Awaited<ReturnType<typeof timedInTurns>>): Measure {
  const [value, reference] = [median(ours), median(bare)]
  return {
    what,
    value,
    unit: 'ms',
    reference: { what: 'the plain statement', value: reference },
    wanted: 'at most 10 times',
    ok: value <= reference * 10,
    note: `through the worker, median of ${ROUNDS}; 95 % within ${quantile(ours, 0.95).toFixed(1)} ms`,
  }
}

/** The history of a network, wide and narrow. */
export async function measureSearches({ archive, bare }: AskedArchive): Promise<Measure[]> {
  const ours: number[] = []
  const plain: number[] = []
  for (const text of networks) {
    const address = parseAddress(text)
    if (!address) throw new Error(`${text} is no address.`)
    const range = keyRangeOf(address)
    const filter = { addresses: range }
    const times = await timedInTurns(SEARCH_ROUNDS, {
      ours: () => archive.listHistory({ filter, cursor: null, limit: PAGE }),
      bare: () => bare.search(range, PAGE + 1),
    })
    ours.push(median(times.ours))
    plain.push(median(times.bare))
  }
  const [value, reference] = [Math.max(...ours), Math.max(...plain)]
  return [
    {
      what: 'the same in a network from /1 to /32: the slowest',
      value,
      unit: 'ms',
      reference: { what: 'the slowest plain statement', value: reference },
      wanted: 'at most 20 times',
      ok: value <= reference * 20,
      note: ours.map((time, index) => `${time.toFixed(1)} ms to ${plain[index]?.toFixed(1)}`).join(', '),
    },
  ]
}
