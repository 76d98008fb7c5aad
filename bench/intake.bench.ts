import { sleep } from '@bangui/async'
import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPrivateDaemon } from '@bangui/fail2ban'
import { signIn, unattended } from '../apps/server/test/api-client.ts'
import { environmentOf } from '../apps/server/test/daemon-environment.ts'
import { listening, serverBundle, serverEnvironment, serverFlags } from './lib/bangui.ts'
import type { BenchContext, Measure } from './lib/bench.ts'
import { inventedAddress } from './lib/daemons.ts'
import { fillDaemonDatabase } from './lib/daemon-database.ts'
import { banLine } from './lib/log-lines.ts'
import { readMemory, startProgram, type Program } from './lib/program.ts'

const SESSIONS = 5
const EACH = 20
const A_SECOND = 2_000
const SECONDS = 15
const HISTORY = 1_000_000
/** The longest wait for all bans. */
const MAX_WAIT_MS = 5 * 60_000
/** The addresses of the log begin after those of the history. */
const FIRST = 5_000_000

const program = (name: string) => fileURLToPath(new URL(`programs/${name}`, import.meta.url))

/**
 * The built server with a hundred viewers, 2,000 bans a second in the log, and a million rows of fail2ban's own history
 * to import.
 */
export async function run(context: BenchContext): Promise<readonly Measure[]> {
  const daemon = context.own(await createPrivateDaemon({ jails: [{ name: 'sshd', bantime: '1w' }] }))
  await daemon.start()
  await daemon.stop()
  context.say(`writing ${HISTORY.toLocaleString('en-US')} bans into a database of fail2ban`)
  fillDaemonDatabase(daemon.dbfile, HISTORY)
  // the daemon itself is to have none of them, and nothing to restore
  await writeFile(
    join(daemon.configDir, 'fail2ban.local'),
    '[DEFAULT]\nloglevel = CRITICAL\ndbpurgeage = 10y\n',
  )
  await daemon.start()
  const server = context.own(
    startProgram({
      args: [...serverFlags, '--import', program('event-loop-delay.mjs'), serverBundle, 'serve'],
      env: { BANGUI_PORT: '0', ...serverEnvironment, ...environmentOf(daemon), ...unattended },
    }),
  )
  const bare = context.own(
    startProgram({ args: ['--import', program('event-loop-delay.mjs'), program('bare-server.mjs')] }),
  )
  const url = await listening(server)
  await bare.line('listening')
  const subscribers = context.own(startProgram({ args: [program('subscribers.ts')] }))
  // one after the other: many at once are slowed
  const cookies: string[] = []
  while (cookies.length < SESSIONS) cookies.push((await signIn(url)).cookie)
  subscribers.send({ do: 'open', url, cookies, each: EACH })
  await subscribers.line('open')
  const { api } = await signIn(url)

  context.say(`${A_SECOND} bans a second for ${SECONDS} s, ${SESSIONS * EACH} viewers, an import`)
  const before = await readMemory(server.pid)
  server.send({ do: 'begin' })
  bare.send({ do: 'begin' })
  const begun = performance.now()
  for (let done = 0; done < A_SECOND * SECONDS; done += 20) {
    const wait = begun + (done * 1_000) / A_SECOND - performance.now()
    if (wait > 0) await sleep(wait, { signal: context.signal })
    const lines = Array.from({ length: 20 }, (_, index) =>
      banLine('sshd', inventedAddress(FIRST + done + index)),
    )
    await appendFile(daemon.logfile, lines.join(''))
  }
  const wrote = performance.now() - begun
  const [delay, bareDelay] = await Promise.all([delayOf(server), delayOf(bare)])
  const wanted = HISTORY + A_SECOND * SECONDS
  let bans = 0
  while (bans < wanted && performance.now() - begun < MAX_WAIT_MS) {
    await sleep(250, { signal: context.signal })
    bans = (await api.stats.overview.query({ range: 'all' })).bans
  }
  const took = performance.now() - begun
  const after = await readMemory(server.pid)
  return [
    {
      what: `event-loop delay, p99: ${SESSIONS * EACH} viewers, ${A_SECOND} bans a second, a million rows imported`,
      value: delay.p99,
      unit: 'ms',
      reference: { what: 'a bare Node HTTP server that nobody asks, meanwhile', value: bareDelay.p99 },
      wanted: 'at most 5 times',
      ok: delay.p99 <= bareDelay.p99 * 5,
      note: `longest ${Math.round(delay.max)} ms; ${Math.round((A_SECOND * SECONDS * 1_000) / wrote)} lines a second written`,
    },
    {
      what: 'bans in the history after it, of those that there were',
      value: (bans / wanted) * 100,
      unit: '%',
      wanted: 'all',
      ok: bans === wanted,
      note: `${bans.toLocaleString('en-US')} of ${wanted.toLocaleString('en-US')}, all there after ${Math.round(took / 1_000)} s`,
    },
    {
      what: 'memory of that server, at its highest',
      value: after.peak,
      unit: 'MB',
      reference: { what: 'before', value: before.resident },
      wanted: 'under 500 MB',
      ok: after.peak < 500,
    },
  ]
}

interface Delay {
  readonly p99: number
  readonly max: number
}

/** The delays of a program's event loop since it was told to begin, in milliseconds. */
async function delayOf(measured: Program): Promise<Delay> {
  measured.send({ do: 'tell' })
  return (await measured.line('delay')) as unknown as Delay
}
