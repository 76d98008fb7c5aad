import { sleep } from '@bangui/async'
import { createPrivateDaemon } from '@bangui/fail2ban'
import { AlertRuleKind } from '@bangui/shared'
import { appendFile } from 'node:fs/promises'
import { signIn, unattended } from '../apps/server/test/api-client.ts'
import { environmentOf } from '../apps/server/test/daemon-environment.ts'
import { createWebhookReceiver } from '../apps/server/test/webhook-receiver.ts'
import { launchBangui, listening } from './lib/bangui.ts'
import type { BenchContext, Measure } from './lib/bench.ts'
import { inventedAddress } from './lib/daemons.ts'
import { banLine } from './lib/log-lines.ts'
import { median } from './lib/numbers.ts'
import { readMemory } from './lib/program.ts'

/** A channel sends at most ten messages of its own within a minute. */
const ROUNDS = 9
const DEADLINE_MS = 10_000
const REST_MS = 60_000
const STORM = 10_000

/** From a line of fail2ban's log until a webhook has it; and the memory with rules of each kind, at rest and after a storm. */
export async function run(context: BenchContext): Promise<readonly Measure[]> {
  const daemon = context.own(await createPrivateDaemon({ jails: [{ name: 'sshd' }] }))
  await daemon.start()
  const arrived = new Map<string, number>()
  const hook = context.own(
    await createWebhookReceiver(({ body }) => {
      arrived.set(body.incident?.title.split(' ')[0] ?? '', Date.now())
      return 200
    }),
  )
  const env = { ...environmentOf(daemon), ...unattended, BANGUI_ALLOW_PRIVATE_URLS: 'true' }
  const bangui = context.own(launchBangui(env))
  const { api } = await signIn(await listening(bangui))
  const config = { url: hook.url, secret: 'a secret of the benchmark' }
  const { id: channel } = await api.alerts.addChannel.mutate({ kind: 'webhook', name: 'Hook', config })
  const addresses = Array.from({ length: ROUNDS }, (_, turn) => inventedAddress(turn))
  for (const kind of AlertRuleKind.options)
    if (kind !== 'health')
      await api.alerts.addRule.mutate({ kind, name: kind, channels: [channel], addresses, threshold: STORM })
  await api.alerts.addRule.mutate({
    kind: 'address_of_interest',
    name: 'Now',
    channels: [channel],
    addresses,
  })

  context.say('leaving BanGUI alone for a minute, with a rule of each kind')
  await sleep(REST_MS, { signal: context.signal })
  const { resident } = await readMemory(bangui.pid)
  context.say(`writing ${ROUNDS} lines of a log`)
  const times: number[] = []
  for (const address of addresses) {
    await sleep(100 + Math.random() * 100, { signal: context.signal })
    const at = Date.now()
    await appendFile(daemon.logfile, banLine('sshd', address))
    while (!arrived.has(address) && Date.now() - at < DEADLINE_MS) await sleep(2, { signal: context.signal })
    times.push((arrived.get(address) ?? Number.POSITIVE_INFINITY) - at)
  }
  context.say(`writing ${STORM} lines of a log`)
  const before = hook.received.length
  const begun = Date.now()
  const lines = Array.from({ length: STORM }, (_, turn) => banLine('sshd', inventedAddress(ROUNDS + turn)))
  await appendFile(daemon.logfile, lines.join(''))
  while (!arrived.has('Many') && Date.now() - begun < DEADLINE_MS * 6)
    await sleep(20, { signal: context.signal })
  const storm = (arrived.get('Many') ?? Number.POSITIVE_INFINITY) - begun
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
    {
      what: 'memory at rest with a rule of each kind',
      value: resident,
      unit: 'MB',
      wanted: 'under 130 MB',
      ok: resident < 130,
      note: 'resident, after a minute',
    },
  ]
}
