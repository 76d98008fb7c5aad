import { sleep } from '@bangui/async'
import { createPrivateDaemon } from '@bangui/fail2ban'
import { AlertRuleKind } from '@bangui/shared'
import { appendFile } from 'node:fs/promises'
import { signIn, unattended } from '../apps/server/test/api-client.ts'
import { environmentOf } from '../apps/server/test/daemon-environment.ts'
import { createWebhookReceiver } from '../apps/server/test/webhook-receiver.ts'
import { launchBangui, listening } from './lib/bangui.ts'
import type { BenchContext, Measure } from './lib/bench.ts'
import { inventedAddress, startSimulator } from './lib/daemons.ts'
import { banLine } from './lib/log-lines.ts'
import { median } from './lib/numbers.ts'
import { readMemory } from './lib/program.ts'

/** A channel sends at most ten messages of its own within a minute. */
const ROUNDS = 9
const DEADLINE_MS = 10_000
const STORM_DEADLINE_MS = 60_000
const REST_MS = 70_000
const STORM = 10_000

type Api = Awaited<ReturnType<typeof signIn>>['api']

/** From a line of fail2ban's log until a webhook has it; a storm; and the memory at rest with a rule of each kind. */
export async function run(context: BenchContext): Promise<readonly Measure[]> {
  return [...(await timeWebhooks(context)), await measureRest(context)]
}

async function timeWebhooks(context: BenchContext): Promise<Measure[]> {
  const daemon = context.own(await createPrivateDaemon({ jails: [{ name: 'sshd' }] }))
  await daemon.start()
  const arrived = new Map<string, number>()
  const hook = context.own(
    await createWebhookReceiver(({ body }) => {
      arrived.set(body.incident?.title.split(' ')[0] ?? '', Date.now())
      return 200
    }),
  )
  const bangui = context.own(launchBangui({ ...environmentOf(daemon), ...environment }))
  const { api } = await signIn(await listening(bangui))
  const addresses = Array.from({ length: ROUNDS }, (_, turn) => inventedAddress(turn))
  const channel = await addChannel(api, hook.url)
  const rule = { channels: [channel], addresses }
  await api.alerts.addRule.mutate({ kind: 'address_of_interest', name: 'Addresses', ...rule })
  await api.alerts.addRule.mutate({ kind: 'bans_above', name: 'Storm', threshold: STORM, ...rule })

  const append = (from: number, count: number) => {
    const lines = Array.from({ length: count }, (_, turn) => banLine('sshd', inventedAddress(from + turn)))
    return appendFile(daemon.logfile, lines.join(''))
  }
  const timeOf = async (title: string, deadline: number) => {
    const begun = Date.now()
    while (!arrived.has(title) && Date.now() - begun < deadline) await sleep(2, { signal: context.signal })
    return (arrived.get(title) ?? Number.POSITIVE_INFINITY) - begun
  }
  context.say(`writing ${ROUNDS} lines of a log`)
  const times: number[] = []
  for (const [turn, address] of addresses.entries()) {
    await sleep(300 + Math.random() * 100, { signal: context.signal })
    await append(turn, 1)
    times.push(await timeOf(address, DEADLINE_MS))
  }
  context.say(`writing ${STORM} lines of a log`)
  const before = hook.received.length
  await append(ROUNDS, STORM)
  const storm = await timeOf('Many', STORM_DEADLINE_MS)
  return [
    {
      what: "line of fail2ban's log written → webhook received",
      value: median(times),
      unit: 'ms',
      wanted: 'under 1 s',
      ok: Math.max(...times) < 1000,
      note: `median of ${ROUNDS}; the slowest ${Math.max(...times)} ms`,
    },
    {
      what: `${STORM.toLocaleString('en')} bans at once → one message about all of them`,
      value: storm,
      unit: 'ms',
      wanted: 'one message',
      ok: hook.received.length === before + 1,
      note: 'with the storing of the bans themselves',
    },
  ]
}

const environment = { ...unattended, BANGUI_ALLOW_PRIVATE_URLS: 'true' }

async function addChannel(api: Api, url: string): Promise<number> {
  const config = { url, secret: 'a secret of the benchmark' }
  return (await api.alerts.addChannel.mutate({ kind: 'webhook', name: 'Hook', config })).id
}

/** The sign-in that sets it up is in a process before. */
async function measureRest(context: BenchContext): Promise<Measure> {
  const { env } = await startSimulator(context, [{ name: 'sshd' }])
  const launch = () => context.own(launchBangui({ ...env, ...environment }))
  const first = launch()
  const { api } = await signIn(await listening(first))
  const channel = await addChannel(api, 'https://hook.example.org/')
  for (const kind of AlertRuleKind.options)
    await api.alerts.addRule.mutate({ kind, name: kind, channels: [channel] })
  first.kill('SIGTERM')
  await first.ended
  const bangui = launch()
  await listening(bangui)
  context.say('leaving BanGUI alone for 70 s, with a rule of each kind')
  await sleep(REST_MS, { signal: context.signal })
  const { resident } = await readMemory(bangui.pid)
  return {
    what: 'memory at rest with a rule of each kind',
    value: resident,
    unit: 'MB',
    wanted: 'under 130 MB',
    ok: resident < 130,
    note: 'resident, after 70 s',
  }
}
