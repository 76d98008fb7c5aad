import { sleep } from '@bangui/async'
import { fileURLToPath } from 'node:url'
import { signIn, unattended } from '../apps/server/test/api-client.ts'
import { listening } from './lib/bangui.ts'
import type { BenchContext, Measure } from './lib/bench.ts'
import { startSimulator } from './lib/daemons.ts'
import { readMemory, startProgram, type Program } from './lib/program.ts'

const SESSIONS = 25
const EACH = 20
const STREAMS = SESSIONS * EACH
const A_SECOND = 50
const SECONDS = 10
const SETTLE = 2_000

const program = (name: string) => fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url))

/**
 * 500 streams of `live.watch` in a process of their own, while the state of a server in another process changes 50
 * times a second. A stream carries at most ten messages a second, always the newest state; what counts is that each
 * ends on the last revision.
 */
export async function run(context: BenchContext): Promise<readonly Measure[]> {
  const { env } = await startSimulator(context, [{ name: 'sshd' }])
  const server = context.own(
    startProgram({
      args: ['--conditions=@bangui/source', program('changing-server')],
      env: { BANGUI_PORT: '0', ...env, ...unattended },
    }),
  )
  const url = await listening(server)
  context.say(`opening ${STREAMS} streams of ${SESSIONS} sessions`)
  const subscribers = context.own(startProgram({ args: [program('subscribers')] }))
  subscribers.send({ do: 'open', url, cookies: await signInOften(url), each: EACH })
  await subscribers.line('open')

  context.say(`changing the state ${A_SECOND} times a second for ${SECONDS} s`)
  const before = await readMemory(server.pid)
  server.send({ count: A_SECOND * SECONDS, perSecond: A_SECOND })
  const changed = (await server.line('changed')) as unknown as Changed
  await sleep(SETTLE, { signal: context.signal })
  const after = await readMemory(server.pid)
  return [
    arrival(changed, await reportOf(subscribers)),
    {
      what: 'memory of that server, at its highest',
      value: after.peak,
      unit: 'MB',
      reference: { what: 'with the streams open, before the changes', value: before.resident },
      wanted: 'under 700 MB',
      ok: after.peak < 700,
    },
  ]
}

interface Changed {
  readonly revision: number
  readonly seconds: number
  /** epoch milliseconds of the last change */
  readonly at: number
}

interface Report {
  /** the last revision of each stream */
  readonly revisions: readonly number[]
  /** when the last of them came, epoch milliseconds */
  readonly latest: number
  readonly messages: number
  readonly ended: number
}

function arrival(changed: Changed, report: Report): Measure {
  const arrived = report.revisions.filter((revision) => revision === changed.revision).length
  const pace = (A_SECOND * SECONDS) / changed.seconds
  const facts = [
    `run from source; ${pace.toFixed(1)} changes a second`,
    `${Math.round(report.messages / changed.seconds).toLocaleString('en-US')} messages a second`,
    `all there ${Math.max(0, report.latest - changed.at)} ms after the last change`,
    `${report.ended} streams broke`,
  ]
  return {
    what: `${STREAMS} streams, ${A_SECOND} changes a second for ${SECONDS} s: on the last revision`,
    value: arrived,
    unit: 'streams',
    wanted: 'every one',
    ok: arrived === STREAMS && report.ended === 0 && pace > A_SECOND * 0.95,
    note: facts.join('; '),
  }
}

async function signInOften(url: string): Promise<string[]> {
  const cookies: string[] = []
  while (cookies.length < SESSIONS) cookies.push((await signIn(url)).cookie)
  return cookies
}

async function reportOf(subscribers: Program): Promise<Report> {
  subscribers.send({ do: 'report' })
  return (await subscribers.line('report')) as unknown as Report
}
