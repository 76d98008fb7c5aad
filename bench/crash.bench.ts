import { sleep } from '@bangui/async'
import { createPrivateDaemon } from '@bangui/fail2ban'
import { environmentOf } from '../apps/server/test/daemon-environment.ts'
import { timeBareStream } from './lib/bare-stream.ts'
import type { BenchContext, Measure } from './lib/bench.ts'
import { startViewing, watchText } from './lib/browser.ts'
import { median } from './lib/numbers.ts'

const ROUNDS = 10

/** From the moment before a real fail2ban is killed until its state has changed in Chromium's document. */
export async function run(context: BenchContext): Promise<readonly Measure[]> {
  const daemon = context.own(await createPrivateDaemon({ jails: [{ name: 'sshd' }] }))
  await daemon.start()
  const { page, url, api } = await startViewing(context, environmentOf(daemon))
  await page.goto(url)
  const text = await watchText(page, 'section[aria-label="State"]')

  context.say(`killing fail2ban ${ROUNDS} times`)
  const times: number[] = []
  let up = 0
  for (let turn = 0; turn < ROUNDS; turn++) {
    await api.server.probe.mutate()
    await text.changed(/Running/, up)
    // a crash comes out of a quiet moment
    await sleep(300 + Math.random() * 100, { signal: context.signal })
    const killedAt = Date.now()
    await daemon.kill('SIGKILL')
    times.push((await text.changed(/Down/, killedAt)) - killedAt)
    up = Date.now()
    await daemon.start()
  }
  const reference = median(await timeBareStream(context, { page }, ROUNDS))
  return [
    {
      what: 'fail2ban killed → element changed in Chromium',
      value: median(times),
      unit: 'ms',
      reference: { what: 'a message of a bare stream, shown by a bare page', value: reference },
      wanted: 'at most 10 times',
      ok: median(times) <= reference * 10,
      note: `median of ${ROUNDS}; slowest: ${Math.round(Math.max(...times))} ms`,
    },
  ]
}
