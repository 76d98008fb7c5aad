import { createDaemonConnection, createPrivateDaemon } from '@bangui/fail2ban'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { environmentOf } from '../apps/server/test/daemon-environment.ts'
import type { BenchContext, Measure } from './lib/bench.ts'
import { startViewing, type Viewing } from './lib/browser.ts'
import { fillBans, inventedAddress, quietJail } from './lib/daemons.ts'
import { quantile, timed } from './lib/numbers.ts'

const BANS = 50_000
const PASTED = 5_000
/** Addresses that a bare client sends at once, as many as BanGUI does at most. */
const BATCH = 50

/** A real daemon with 50,000 bans: its list, scrolled in Chromium, and 5,000 more that somebody pasted. */
export async function run(context: BenchContext): Promise<readonly Measure[]> {
  const daemon = context.own(await createPrivateDaemon({ jails: [quietJail('sshd'), quietJail('web')] }))
  await writeFile(join(daemon.configDir, 'fail2ban.local'), '[DEFAULT]\nloglevel = NOTICE\n')
  await daemon.start()
  const connection = createDaemonConnection({ socketPath: daemon.socketPath })
  context.own({ [Symbol.asyncDispose]: () => connection.close() })
  context.say(`banning ${BANS.toLocaleString('en-US')} addresses`)
  await fillBans(connection, 'sshd', { count: BANS })
  const viewing = await startViewing(context, environmentOf(daemon))
  context.say('waiting for all of them')
  while ((await viewing.api.bans.list.query({ limit: 1 })).total < BANS)
    await sleep(250, undefined, { signal: context.signal })
  const list = await measureList(viewing)
  context.say('scrolling')
  const frames = await measureScrolling(viewing)
  context.say(`banning ${PASTED.toLocaleString('en-US')} more`)
  const banning = await measureBanning(context, viewing, (from) => banBarely(connection, from))
  return [list, frames, ...banning]
}

async function measureList({ api }: Viewing): Promise<Measure> {
  const times: number[] = []
  for (let round = 0; round < 30; round++) times.push(await timed(() => api.bans.list.query({ limit: 100 })))
  const p95 = quantile(times, 0.95)
  return {
    what: 'list of 50,000 bans: first page, over HTTP, p95',
    value: p95,
    unit: 'ms',
    wanted: 'under 100 ms',
    ok: p95 < 100,
  }
}

async function measureScrolling({ page, url }: Viewing): Promise<Measure> {
  await page.goto(`${url}bans`)
  await page.getByRole('row').nth(5).waitFor()
  const gaps = await scroll(page)
  const longest = Math.max(...gaps)
  return {
    what: 'scrolling 50,000 rows in Chromium: the longest frame',
    value: longest,
    unit: 'ms',
    wanted: 'no frame over 50 ms',
    ok: longest <= 50,
    note: `${gaps.length} frames; 99 % within ${quantile(gaps, 0.99).toFixed(1)} ms`,
  }
}

/** Scrolls what scrolls most for three seconds, and gives the time of each frame. */
const scroll = (page: Page): Promise<number[]> =>
  page.evaluate(async () => {
    const scrollers = [...document.querySelectorAll('*')].filter(
      (each) => each.scrollHeight > each.clientHeight + 50,
    )
    const most = scrollers.toSorted((one, other) => other.scrollHeight - one.scrollHeight)[0]
    const gaps: number[] = []
    let last = performance.now()
    const end = last + 3_000
    while (last < end) {
      await new Promise(requestAnimationFrame)
      const now = performance.now()
      gaps.push(now - last)
      last = now
      most?.scrollBy(0, 400)
    }
    return gaps
  })

async function measureBanning(
  context: BenchContext,
  { api }: Viewing,
  barely: (from: number) => Promise<void>,
): Promise<Measure[]> {
  const reference = await timed(() => barely(200_000))
  const addresses = Array.from({ length: PASTED }, (_, n) => inventedAddress(300_000 + n))
  const pings: number[] = []
  const over = new AbortController()
  const pinging = (async () => {
    while (!over.signal.aborted) {
      pings.push(await timed(() => api.server.probe.mutate()))
      await sleep(20, undefined, { signal: context.signal })
    }
  })()
  const took = await timed(() => api.bans.ban.mutate({ jail: 'web', addresses, force: true }))
  over.abort()
  await pinging
  return [
    {
      what: 'banning 5,000 pasted addresses',
      value: took,
      unit: 'ms',
      reference: { what: 'a bare client that sends the same batches', value: reference },
      wanted: 'within 1.2 times',
      ok: took <= reference * 1.2,
    },
    {
      what: 'a probe of the daemon meanwhile: the slowest',
      value: Math.max(...pings),
      unit: 'ms',
      wanted: 'under 300 ms',
      ok: Math.max(...pings) < 300,
      note: `${pings.length} probes`,
    },
  ]
}

async function banBarely(connection: ReturnType<typeof createDaemonConnection>, from: number): Promise<void> {
  for (let done = 0; done < PASTED; done += BATCH) {
    const addresses = Array.from({ length: BATCH }, (_, index) => inventedAddress(from + done + index))
    await connection.request(['set', 'web', 'banip', ...addresses], { deadline: 60_000, write: true })
  }
}
