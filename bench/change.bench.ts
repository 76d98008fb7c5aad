import { sleep } from '@bangui/async'
import { timeBareStream } from './lib/bare-stream.ts'
import type { BenchContext, Measure } from './lib/bench.ts'
import { startViewing, watchText } from './lib/browser.ts'
import { inventedAddress, startSimulator } from './lib/daemons.ts'
import { median, quantile } from './lib/numbers.ts'

const ROUNDS = 30

/**
 * From the moment that the server takes a change into its state (it stamps the status with it, `checkedAt`) until the
 * number has changed in Chromium's document. Both are clocks of the same machine. Each change is one more ban, found by
 * a probe that is asked for.
 */
export async function run(context: BenchContext): Promise<readonly Measure[]> {
  const { simulator, env } = await startSimulator(context, [{ name: 'sshd', bantime: -1 }])
  const { page, url, api } = await startViewing(context, env)
  await page.goto(url)
  const text = await watchText(page, 'main')
  await text.changed(/sshd/, 0)

  context.say(`changing the state ${ROUNDS} times`)
  const times: number[] = []
  // the first three warm up
  for (let turn = -3; turn < ROUNDS; turn++) {
    // out of step with the browser's frames, and as rare as changes mostly are
    await sleep(200 + Math.random() * 100, { signal: context.signal })
    simulator.ban('sshd', inventedAddress(turn + 3))
    const { checkedAt, currentlyBanned } = await api.server.probe.mutate()
    if (checkedAt === null || currentlyBanned !== turn + 4) throw new Error('The probe did not find the ban.')
    const changedAt = await text.changed(new RegExp(`(?<!\\d)${currentlyBanned} banned`), 0)
    if (turn >= 0) times.push(changedAt - checkedAt)
  }
  const bare = await timeBareStream(context, { page }, ROUNDS)
  const [value, reference] = [median(times), median(bare)]
  return [
    {
      what: 'state change in the server → element changed in Chromium',
      value,
      unit: 'ms',
      reference: { what: 'a message of a bare stream, shown by a bare page', value: reference },
      wanted: 'at most 10 times',
      ok: value <= reference * 10,
      note: `median of ${ROUNDS}, from the server's own stamp of the change; 90 % within ${Math.round(quantile(times, 0.9))} ms`,
    },
  ]
}
