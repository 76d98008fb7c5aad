import { sleep } from '@bangui/async'
import { createDaemonConnection, createPrivateDaemon } from '@bangui/fail2ban'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { environmentOf } from '../apps/server/test/daemon-environment.ts'
import { banBarely, whilePinging } from './lib/banning.ts'
import { startBareArchive, type BareArchive } from './lib/bare-archive.ts'
import type { BenchContext, Measure } from './lib/bench.ts'
import { startViewing, type Viewing } from './lib/browser.ts'
import { fillBans, inventedAddress, quietJail } from './lib/daemons.ts'
import { median, quantile, timedInTurns } from './lib/numbers.ts'

const BANS = 50_000
const PASTED = 5_000
const ROUNDS = 15

type Connection = ReturnType<typeof createDaemonConnection>

/** A real daemon with 50,000 bans: its list, scrolled in Chromium, and 5,000 more that somebody pasted. */
export async function run(context: BenchContext): Promise<readonly Measure[]> {
  const daemon = context.own(await createPrivateDaemon({ jails: [quietJail('sshd'), quietJail('web')] }))
  await writeFile(join(daemon.configDir, 'fail2ban.local'), '[DEFAULT]\nloglevel = NOTICE\n')
  await daemon.start()
  const connect = () => {
    const connection = createDaemonConnection({ socketPath: daemon.socketPath })
    context.own({ [Symbol.asyncDispose]: () => connection.close() })
    return connection
  }
  const connection = connect()
  context.say(`banning ${BANS.toLocaleString('en-US')} addresses`)
  await fillBans(connection, 'sshd', { count: BANS })
  const env = environmentOf(daemon)
  const viewing = await startViewing(context, env)
  context.say('waiting for all of them')
  await takenIn(viewing, inventedAddress(BANS - 1))
  const list = await measureList(
    viewing,
    context.own(startBareArchive(join(env['BANGUI_DATA_DIR'] ?? '', 'bangui.db'))),
  )
  context.say('scrolling')
  const frames = await measureScrolling(viewing)
  context.say(`banning ${PASTED.toLocaleString('en-US')} more`)
  // a browser that draws on the same two cores is no part of what is measured
  await viewing.page.goto('about:blank')
  const banning = await measureBanning(viewing, { banning: connection, pinging: connect() })
  return [list, frames, ...banning]
}

/** Waits until BanGUI has taken in the ban of an address, and with it all that were before. */
async function takenIn({ api }: Viewing, address: string): Promise<void> {
  while ((await api.history.list.query({ search: address, limit: 1 })).rows.length === 0) await sleep(100)
  // and has told the pages
  await sleep(500)
}

async function measureList({ api }: Viewing, bare: BareArchive): Promise<Measure> {
  const times = await timedInTurns(30, {
    ours: () => api.bans.list.query({ limit: 100 }),
    bare: () => bare.active(100),
  })
  const [value, reference] = [median(times.ours), median(times.bare)]
  return {
    what: 'list of 50,000 bans: first page, over HTTP',
    value,
    unit: 'ms',
    reference: { what: 'the plain statement', value: reference },
    wanted: 'at most 5 times',
    ok: value <= reference * 5,
    note: `median of 30; 95 % within ${quantile(times.ours, 0.95).toFixed(1)} ms`,
  }
}

async function measureScrolling({ page, url }: Viewing): Promise<Measure> {
  await page.goto(`${url}bans`)
  await page.getByRole('row').nth(5).waitFor()
  const gaps = await scroll(page)
  await page.goto('about:blank')
  const lines = Array.from({ length: BANS }, (_, n) => `<div>${inventedAddress(n)} sshd</div>`)
  await page.setContent(`<!doctype html><style>div { height: 40px }</style>${lines.join('')}`)
  const bareGaps = await scroll(page)
  const [value, reference] = [quantile(gaps, 0.99), quantile(bareGaps, 0.99)]
  return {
    what: 'scrolling 50,000 rows in Chromium: 99 % of the frames',
    value,
    unit: 'ms',
    reference: { what: 'a bare page with as many lines', value: reference },
    wanted: 'at most 3 times',
    ok: value <= reference * 3,
    note: `${gaps.length} frames, the longest ${Math.max(...gaps).toFixed(1)} ms; bare ${bareGaps.length}, ${Math.max(...bareGaps).toFixed(1)} ms`,
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

/**
 * Bans by a bare client and through BanGUI in turn, while another bare client pings the daemon all the time. Each begins
 * when BanGUI has taken in what was banned before.
 */
async function measureBanning(
  viewing: Viewing,
  clients: Record<'banning' | 'pinging', Connection>,
): Promise<Measure[]> {
  const took: number[] = []
  const references: number[] = []
  const pings = { ours: [] as number[], bare: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    const from = 200_000 + round * 4 * PASTED
    const addresses = Array.from({ length: PASTED }, (_, n) => inventedAddress(from + 2 * PASTED + n))
    const pasted = Array.from({ length: PASTED }, (_, n) => inventedAddress(from + n))
    const barely = await whilePinging(clients.pinging, () => banBarely(clients.banning, 'web', pasted))
    await takenIn(viewing, inventedAddress(from + PASTED - 1))
    const through = await whilePinging(clients.pinging, () =>
      viewing.api.bans.ban.mutate({ jail: 'web', addresses, force: true }),
    )
    await takenIn(viewing, addresses.at(-1)!)
    references.push(barely.took)
    took.push(through.took)
    pings.ours.push(...through.pings)
    pings.bare.push(...barely.pings)
  }
  const [ours, reference] = [median(took), median(references)]
  const [slowest, slowestBare] = [Math.max(...pings.ours), Math.max(...pings.bare)]
  return [
    {
      what: `banning 5,000 pasted addresses, median of ${ROUNDS}`,
      value: ours,
      unit: 'ms',
      reference: { what: 'a bare client that sends the same batches', value: reference },
      wanted: 'within 1.2 times',
      ok: ours <= reference * 1.2,
    },
    {
      what: '`ping` of the daemon meanwhile: the slowest',
      value: slowest,
      unit: 'ms',
      reference: { what: 'while the bare client bans', value: slowestBare },
      wanted: 'at most 3 times',
      ok: slowest <= slowestBare * 3,
      note: `${pings.ours.length} pings`,
    },
  ]
}
