import { launchBangui, listening } from './lib/bangui.ts'
import type { BenchContext, Measure } from './lib/bench.ts'
import { startSimulator } from './lib/daemons.ts'
import { median } from './lib/numbers.ts'

const ROUNDS = 5

/** How long a second BanGUI on the same database takes to say so and end. */
export async function run(context: BenchContext): Promise<readonly Measure[]> {
  const { env } = await startSimulator(context, [{ name: 'sshd' }])
  const first = context.own(launchBangui(env))
  await listening(first)
  context.say('starting a second BanGUI on the same database')
  const times: number[] = []
  for (let turn = 0; turn < ROUNDS; turn++) {
    const begun = performance.now()
    const second = context.own(launchBangui(env))
    const code = await second.ended
    times.push(performance.now() - begun)
    if (code === 0 || !second.output().includes(String(first.pid)))
      throw new Error(`The second one ended with ${code} and said: ${second.output()}`)
  }
  return [
    {
      what: 'refusal of a second BanGUI on the same database',
      value: median(times),
      unit: 'ms',
      wanted: 'under 2,000 ms',
      ok: Math.max(...times) < 2_000,
      note: `slowest of ${ROUNDS}: ${Math.round(Math.max(...times))} ms`,
    },
  ]
}
