import { fileURLToPath } from 'node:url'
import type { BenchContext, Measure } from './lib/bench.ts'
import { startProgram } from './lib/program.ts'

const DEADLINE_MS = 120_000
const WANTED_MS = 2_000
const WANTED_MB = 150
/** Of the plain way, which neither checks networks nor compares with what must not be banned. */
const WANTED_RATIO = 2

const program = fileURLToPath(new URL('programs/read-list.ts', import.meta.url))

/** A list of a million lines, parsed, without duplicates and without what must not be banned, beside `split` and a `Set`. */
export async function run(context: BenchContext): Promise<readonly Measure[]> {
  context.say('reading a list of 1,000,000 lines')
  const reading = context.own(startProgram({ args: ['--expose-gc', '--conditions=@bangui/source', program] }))
  const ours = await reading.line('ours', DEADLINE_MS)
  const plain = await reading.line('plain', DEADLINE_MS)
  await reading.ended
  const [milliseconds, reference] = [Number(ours['milliseconds']), Number(plain['milliseconds'])]
  const megabytes = Number(ours['megabytes'])
  return [
    {
      what: 'a list of 1,000,000 lines, read and compared with what must not be banned',
      value: milliseconds,
      unit: 'ms',
      reference: { what: 'split and a Set', value: reference },
      wanted: 'under 2 s, or at most 2 times on a busy machine',
      ok: milliseconds < WANTED_MS || milliseconds / reference <= WANTED_RATIO,
    },
    {
      what: 'memory for that',
      value: megabytes,
      unit: 'MB',
      reference: { what: 'split and a Set', value: Number(plain['megabytes']) },
      wanted: 'under 150 MB more',
      ok: megabytes < WANTED_MB,
    },
  ]
}
