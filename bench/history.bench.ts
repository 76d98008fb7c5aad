import { join } from 'node:path'
import { LOCAL_HOST_ID } from '@bangui/shared'
import { openArchive, openDatabase, type HostArchive } from '@bangui/db'
import { measureImport, measureImportBeside } from './lib/archive-imports.ts'
import { measureLists, measureSearches } from './lib/archive-lists.ts'
import { measureAggregates, measureNamed, measureTotals } from './lib/archive-stats.ts'
import { startBareArchive, type AskedArchive, type ArchiveSize } from './lib/bare-archive.ts'
import type { Bench, BenchContext, Measure } from './lib/bench.ts'
import { ownFolder } from './lib/daemons.ts'
import { seedArchive } from './lib/seed-archive.ts'

/** The archive with a million bans: what is asked of it, and an import of as many into an empty one. */
export const run: Bench = async (context) => [
  ...(await measureReads(context, { bans: 1_000_000, addresses: 400_000, named: 'a million' })).measures,
  await measureImport(context, {
    archive: (await createArchive(context)).archive,
    barePath: (await createArchive(context)).path,
  }),
]

/** The archive with ten million bans, and an import beside them. */
export const runLarge: Bench = async (context) => {
  const size = { bans: 10_000_000, addresses: 1_500_000, named: 'ten million' }
  const { measures, archive, path } = await measureReads(context, size)
  return [...measures, await measureImportBeside(context, { archive, path })]
}

async function measureReads(context: BenchContext, size: ArchiveSize) {
  const path = join(await ownFolder(context), 'bangui.db')
  context.say(`writing ${size.bans.toLocaleString('en-US')} bans`)
  await seedArchive(path, size)
  const opened = await openArchive({ path })
  context.own({ [Symbol.asyncDispose]: () => opened.close() })
  const archive = opened.forHost(LOCAL_HOST_ID)
  const asked: AskedArchive = { archive, size, bare: context.own(startBareArchive(path)) }
  const measures: Measure[] = []
  for (const measure of [measureNamed, measureTotals, measureAggregates, measureLists, measureSearches]) {
    context.say(`asking: ${measure.name.replace('measure', '').toLowerCase()}`)
    measures.push(...(await measure(asked)))
  }
  return { measures, archive, path }
}

/** Creates an empty archive and its file. */
async function createArchive(context: BenchContext): Promise<{ archive: HostArchive; path: string }> {
  const path = join(await ownFolder(context), 'bangui.db')
  const database = await openDatabase({ path })
  await database.migrate()
  await database.close()
  const opened = await openArchive({ path })
  context.own({ [Symbol.asyncDispose]: () => opened.close() })
  const archive = opened.forHost(LOCAL_HOST_ID)
  return { archive, path }
}
