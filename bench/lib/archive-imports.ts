import type { HostArchive } from '@bangui/db'
import { importBarely } from './bare-import.ts'
import type { BenchContext, Measure } from './bench.ts'
import { inventedAddress } from './daemons.ts'
import { timed } from './numbers.ts'

const IMPORTED = 1_000_000
const IMPORTED_BESIDE = 200_000
const PAGE = 2_000
const DAY_MS = 86_400_000

/** Empty archives, one for the import and one for the plain inserts. */
export interface EmptyArchives {
  readonly archive: HostArchive
  readonly barePath: string
}

/** Importing into an empty archive. */
export async function measureImport(
  context: BenchContext,
  { archive, barePath }: EmptyArchives,
): Promise<Measure> {
  context.say(`importing ${IMPORTED.toLocaleString('en-US')} bans`)
  const took = await timed(() => importAll(archive, IMPORTED))
  const reference = await timed(async () => importBarely(barePath, pages(IMPORTED)))
  const now = Date.now()
  const { bans } = await archive.overview({ named: 'all', bounds: { from: 0, to: now }, now })
  return {
    what: 'importing a million bans into an empty archive',
    value: took / 1_000,
    unit: 's',
    reference: { what: 'plain inserts of bans and addresses', value: reference / 1_000 },
    wanted: 'at most 3 times',
    ok: took <= reference * 3 && bans === IMPORTED,
    note: `${paceOf(IMPORTED, took)} bans a second; ${bans.toLocaleString('en-US')} are there`,
  }
}

/** Importing into an archive that has ten million bans. */
export async function measureImportBeside(
  context: BenchContext,
  { archive, path }: { readonly archive: HostArchive; readonly path: string },
): Promise<Measure> {
  context.say(`importing ${IMPORTED_BESIDE.toLocaleString('en-US')} bans beside those`)
  const took = await timed(() => importAll(archive, IMPORTED_BESIDE))
  const reference = await timed(async () => importBarely(path, pages(IMPORTED_BESIDE)))
  return {
    what: 'importing 200,000 beside ten million bans',
    value: took / 1_000,
    unit: 's',
    reference: { what: 'plain inserts of bans and addresses', value: reference / 1_000 },
    wanted: 'at most 3 times',
    ok: took <= reference * 3,
    note: `${paceOf(IMPORTED_BESIDE, took)} bans a second`,
  }
}

const paceOf = (count: number, took: number) => Math.round(count / (took / 1_000)).toLocaleString('en-US')

async function importAll(archive: HostArchive, count: number): Promise<void> {
  let done = 0
  for (const bans of pages(count)) {
    done += bans.length
    await archive.importBans({
      bans,
      cursor: { name: 'bench', value: String(done) },
      now: Date.now(),
    })
  }
}

/** Bans of the last year, oldest first. */
function* pages(count: number) {
  const begin = Date.now() - 365 * DAY_MS
  const step = (364 * DAY_MS) / count
  for (let done = 0; done < count; done += PAGE)
    yield Array.from({ length: PAGE }, (_, index) => ({
      jail: 'sshd',
      address: inventedAddress((done + index) % 600_000),
      bannedAt: Math.floor((begin + (done + index) * step) / 1_000) * 1_000,
      duration: 600,
      times: 1,
      attempts: 5,
      lines: [],
      country: 'NL',
    }))
}
