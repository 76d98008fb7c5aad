import { sleep } from '@bangui/async'
import { appendFile } from 'node:fs/promises'
import { createPrivateDaemon } from '@bangui/fail2ban'
import { environmentOf } from '../apps/server/test/daemon-environment.ts'
import { startBareStream, subscribeBarely, timeBareStream } from './lib/bare-stream.ts'
import type { BenchContext, Measure } from './lib/bench.ts'
import { startViewing, watchText } from './lib/browser.ts'
import { inventedAddress } from './lib/daemons.ts'
import { banLine } from './lib/log-lines.ts'
import { median, quantile } from './lib/numbers.ts'

const ROUNDS = 200
const SCREENS = 30

/** From the moment before a line is written to fail2ban's log until a subscriber has it, and until it is on screen. */
export async function run(context: BenchContext): Promise<readonly Measure[]> {
  const daemon = context.own(await createPrivateDaemon({ jails: [{ name: 'sshd' }] }))
  await daemon.start()
  const { page, url, api } = await startViewing(context, environmentOf(daemon))
  const arrived = new Map<string, number>()
  const subscription = api.events.watch.subscribe(undefined, {
    onData: ({ data }) => {
      if (data.type === 'ban.added') arrived.set(data.address, Date.now())
    },
  })
  const bareArrived = new Map<string, number>()
  const bareEnd = new AbortController()
  const bareServer = await startBareStream(context, daemon.logfile)
  await subscribeBarely(
    bareServer,
    (line, at) => bareArrived.set(line.split(' ').at(-1) ?? '', at),
    bareEnd.signal,
  )
  await page.goto(url)
  const text = await watchText(page, 'main')
  await sleep(1_000, { signal: context.signal })

  context.say(`writing ${ROUNDS} lines of a log`)
  const written = new Map<string, number>()
  for (let turn = 0; turn < ROUNDS; turn++) {
    await sleep(15 + Math.random() * 10, { signal: context.signal })
    const address = inventedAddress(turn)
    written.set(address, Date.now())
    await appendFile(daemon.logfile, banLine('sshd', address))
  }
  await sleep(1_000, { signal: context.signal })
  subscription.unsubscribe()
  bareEnd.abort()
  const timesOf = (arrivals: ReadonlyMap<string, number>) =>
    [...written].map(([address, at]) => (arrivals.get(address) ?? Number.NaN) - at)
  const [times, bareTimes] = [timesOf(arrived), timesOf(bareArrived)]
  if ([...times, ...bareTimes].some((time) => Number.isNaN(time)))
    throw new Error('Some lines did not arrive.')

  context.say(`writing ${SCREENS} lines of a log and looking at the screen`)
  const screens: number[] = []
  for (let turn = 0; turn < SCREENS; turn++) {
    await sleep(300 + Math.random() * 100, { signal: context.signal })
    const address = inventedAddress(ROUNDS + turn)
    const at = Date.now()
    await appendFile(daemon.logfile, banLine('sshd', address))
    screens.push((await text.changed(new RegExp(address.replaceAll('.', '\\.')), at)) - at)
  }
  const bareScreens = await timeBareStream(context, { page }, SCREENS)
  // clocks of whole milliseconds
  const reference = Math.max(1, median(bareTimes))
  return [
    {
      what: "line of fail2ban's log written → subscriber has the event",
      value: median(times),
      unit: 'ms',
      reference: { what: 'a bare server that watches the file and streams its lines', value: reference },
      wanted: 'at most 5 times',
      ok: median(times) <= reference * 5,
      note: `median of ${ROUNDS}; p99 ${Math.round(quantile(times, 0.99))} ms, bare ${Math.round(quantile(bareTimes, 0.99))} ms`,
    },
    {
      what: 'the same → on screen in Chromium',
      value: median(screens),
      unit: 'ms',
      reference: { what: 'a message of a bare stream, shown by a bare page', value: median(bareScreens) },
      wanted: 'at most 10 times',
      ok: median(screens) <= median(bareScreens) * 10,
      note: `median of ${SCREENS}; 90 % within ${Math.round(quantile(screens, 0.9))} ms`,
    },
  ]
}
