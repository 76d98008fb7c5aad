import { launchBangui, listening } from './lib/bangui.ts'
import type { BenchContext, Measure } from './lib/bench.ts'
import { startSimulator } from './lib/daemons.ts'
import { median, timed } from './lib/numbers.ts'
import { startProgram } from './lib/program.ts'

const ROUNDS = 5

/** How long a second BanGUI on the same database takes to say so and end. */
export async function run(context: BenchContext): Promise<readonly Measure[]> {
  const { env } = await startSimulator(context, [{ name: 'sshd' }])
  const first = context.own(launchBangui(env))
  await listening(first)
  context.say('starting a second BanGUI on the same database')
  const times: number[] = []
  const bare: number[] = []
  for (let turn = 0; turn < ROUNDS; turn++) {
    const begun = performance.now()
    const second = context.own(launchBangui(env))
    const code = await second.ended
    times.push(performance.now() - begun)
    bare.push(await timed(() => context.own(startProgram({ args: ['--eval', ''] })).ended))
    if (code === 0 || !second.output().includes(String(first.pid)))
      throw new Error(`The second one ended with ${code} and said: ${second.output()}`)
  }
  return [
    {
      what: 'refusal of a second BanGUI on the same database',
      value: median(times),
      unit: 'ms',
      reference: { what: 'a Node program that does nothing', value: median(bare) },
      wanted: 'at most 25 times',
      ok: median(times) <= median(bare) * 25,
      note: `slowest of ${ROUNDS}: ${Math.round(Math.max(...times))} ms`,
    },
  ]
}
