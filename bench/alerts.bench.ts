import { sleep } from '@bangui/async'
import { createPrivateDaemon } from '@bangui/fail2ban'
import { AlertRuleKind, DAY_MS, type ChannelSettings } from '@bangui/shared'
import { appendFile } from 'node:fs/promises'
import { signIn, unattended } from '../apps/server/test/api-client.ts'
import { environmentOf } from '../apps/server/test/daemon-environment.ts'
import { createWebhookReceiver } from '../apps/server/test/webhook-receiver.ts'
import { bareServer, launchBangui, listening } from './lib/bangui.ts'
import type { BenchContext, Measure } from './lib/bench.ts'
import { inventedAddress } from './lib/daemons.ts'
import { banLine } from './lib/log-lines.ts'
import { median } from './lib/numbers.ts'
import { readMemory, startProgram } from './lib/program.ts'

/** A channel sends at most ten messages of its own within a minute. */
const ROUNDS = 9
const DEADLINE_MS = 10_000
const STORM_DEADLINE_MS = 60_000
const REST_MS = 70_000
const STORM = 10_000
/** The entries of the blocklist. */
const LISTED = 5_000

type Api = Awaited<ReturnType<typeof signIn>>['api']

/** From a line of fail2ban's log until a webhook has it; a storm; and the memory at rest with every feature set up. */
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

/** A channel of each kind, none of which is asked for anything. */
const channels: readonly ChannelSettings[] = [
  {
    kind: 'email',
    config: {
      host: 'mail.example.org',
      port: 587,
      security: 'starttls',
      acceptBadCertificate: false,
      username: 'bangui',
      password: 'a password',
      from: 'bangui@example.org',
      to: ['ada@example.org'],
    },
  },
  {
    kind: 'webhook',
    config: {
      url: 'https://hook.example.org/',
      secret: 'a secret',
      header: null,
      headerValue: null,
      template: null,
    },
  },
  { kind: 'ntfy', config: { url: 'https://ntfy.example.org', topic: 'bans', token: null } },
  { kind: 'gotify', config: { url: 'https://gotify.example.org', token: 'a token' } },
  { kind: 'telegram', config: { url: 'https://telegram.example.org', token: '123:secret', chat: '-100' } },
  { kind: 'discord', config: { url: 'https://discord.example.org/hook' } },
  { kind: 'slack', config: { url: 'https://slack.example.org/hook' } },
]

/** All features are set up by a process before, and used by none: it would load what they need when they are first used. */
async function measureRest(context: BenchContext): Promise<Measure> {
  const daemon = context.own(await createPrivateDaemon({ jails: [{ name: 'sshd' }, { name: 'lists' }] }))
  await daemon.start()
  const launch = () => context.own(launchBangui({ ...environmentOf(daemon), ...environment }))
  const first = launch()
  const { api } = await signIn(await listening(first))
  await setUpAll(api)
  first.kill('SIGTERM')
  await first.ended
  const bangui = launch()
  const bare = context.own(startProgram({ args: [bareServer] }))
  await Promise.all([listening(bangui), listening(bare)])
  context.say('leaving BanGUI alone for 70 s, with every feature set up')
  await sleep(REST_MS, { signal: context.signal })
  const [memory, bareMemory] = await Promise.all([readMemory(bangui.pid), readMemory(bare.pid)])
  return {
    what: 'memory at rest with every feature set up',
    value: memory.resident,
    unit: 'MB',
    reference: { what: 'a bare Node HTTP server', value: bareMemory.resident },
    wanted: 'under 130 MB',
    ok: memory.resident < 130,
    note: `resident, after 70 s; at its highest ${Math.round(memory.peak)} MB`,
  }
}

/** A channel and a rule of each kind, a blocklist with a schedule that was imported, and an entry of the allow list that ends. */
async function setUpAll(api: Api): Promise<void> {
  const ids: number[] = []
  for (const channel of channels)
    ids.push((await api.alerts.addChannel.mutate({ ...channel, name: channel.kind })).id)
  for (const kind of AlertRuleKind.options)
    await api.alerts.addRule.mutate({ kind, name: kind, channels: ids, addresses: ['203.0.113.0/24'] })
  await api.ignores.add.mutate({ address: '203.0.113.9', note: 'the office', expiresAt: Date.now() + DAY_MS })
  const lines = Array.from({ length: LISTED }, (_, index) => `45.0.${index >> 8}.${index & 255}\n`)
  const content = Buffer.from(lines.join('')).toString('base64')
  const { id } = await api.blocklists.add.mutate({
    name: 'list',
    upload: { name: 'list.txt', content },
    jail: 'lists',
    schedule: '30 2 * * *',
    zone: 'Europe/Berlin',
  })
  const { runId } = await api.blocklists.import.mutate({ id })
  const isOver = async () =>
    (await api.blocklists.runs.query({ id })).some((one) => one.runId === runId && one.status === 'completed')
  while (!(await isOver())) await sleep(50)
}
