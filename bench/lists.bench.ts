import { fileURLToPath } from 'node:url'
import type { BenchContext, Measure } from './lib/bench.ts'
import { median } from './lib/numbers.ts'
import { startProgram } from './lib/program.ts'

const KINDS = ['addresses', 'ranges', 'rows with quotes', 'addresses of both families']
const ROUNDS = 3
const DEADLINE_MS = 120_000
const WANTED_MS = 2_000
const WANTED_MB = 150

const program = fileURLToPath(new URL('programs/read-list.ts', import.meta.url))

interface Reading {
  readonly milliseconds: number
  readonly megabytes: number
}

/** Lists of a million lines: parsed, without duplicates and without what must not be banned, beside `split` and `net.isIP`. */
export async function run(context: BenchContext): Promise<readonly Measure[]> {
  const reading = context.own(startProgram({ args: ['--expose-gc', '--conditions=@bangui/source', program] }))
  const measures: Measure[] = []
  for (const kind of KINDS) {
    context.say(`reading 1,000,000 ${kind}`)
    const rounds: Record<'ours' | 'plain', Reading>[] = []
    while (rounds.length < ROUNDS)
      rounds.push((await reading.line('read', DEADLINE_MS)) as unknown as Record<'ours' | 'plain', Reading>)
    measures.push(timeOf(kind, rounds), memoryOf(kind, rounds))
  }
  await reading.ended
  return measures
}

type Rounds = readonly Readonly<Record<'ours' | 'plain', Reading>>[]

function timeOf(kind: string, rounds: Rounds): Measure {
  const value = median(rounds.map(({ ours }) => ours.milliseconds))
  const reference = median(rounds.map(({ plain }) => plain.milliseconds))
  return {
    what: `a list of 1,000,000 ${kind}: read, and compared with what must not be banned`,
    value,
    unit: 'ms',
    reference: { what: 'split, net.isIP and a Set', value: reference },
    wanted: 'under 2 s, or on a busy machine no more than the reference',
    ok: value < WANTED_MS || value <= reference,
    note: `processor time, median of ${rounds.length}`,
  }
}

/** The first reading has the most: later ones use what it has left. */
function memoryOf(kind: string, rounds: Rounds): Measure {
  const most = (which: 'ours' | 'plain') => Math.max(...rounds.map((round) => round[which].megabytes))
  return {
    what: `memory for ${kind}`,
    value: most('ours'),
    unit: 'MB',
    reference: { what: 'split, net.isIP and a Set', value: most('plain') },
    wanted: 'under 150 MB more',
    ok: most('ours') < WANTED_MB,
  }
}
