import { capabilitiesOf, createDaemonConnection, readJailCounts, readVersion } from '@bangui/fail2ban'
import type { BenchContext, Measure } from './lib/bench.ts'
import { fillBans, startQuietDaemon } from './lib/daemons.ts'
import { median, timed } from './lib/numbers.ts'
import { runQuietly } from './lib/run-quietly.ts'

const JAILS = 20
const BANS_EACH = 100
const ROUNDS = 200
const CLIENT_ROUNDS = 3

/** The numbers of 20 jails over the one connection, beside a fail2ban-client for each jail, all at the same time. */
export async function run(context: BenchContext): Promise<readonly Measure[]> {
  const names = Array.from({ length: JAILS }, (_, index) => `jail-${index}`)
  const daemon = await startQuietDaemon(context, names)
  const connection = createDaemonConnection({ socketPath: daemon.socketPath })
  context.own({ [Symbol.asyncDispose]: () => connection.close() })
  for (const [index, name] of names.entries())
    await fillBans(connection, name, { count: BANS_EACH, from: index * BANS_EACH })

  context.say('asking for 20 jails over one connection, then with 20 processes')
  const version = await readVersion(connection)
  const capabilities = capabilitiesOf(version)
  const over: number[] = []
  // the first twenty warm up
  for (let turn = -20; turn < ROUNDS; turn++) {
    const time = await timed(async () => {
      const counts = await readJailCounts(connection, names, { capabilities })
      const banned = [...counts.values()].reduce((sum, { currentlyBanned }) => sum + currentlyBanned, 0)
      if (banned !== JAILS * BANS_EACH) throw new Error(`The jails count ${banned} bans.`)
    })
    if (turn >= 0) over.push(time)
  }
  const command = [daemon.clientProgram, ...daemon.clientArguments, 'status']
  const processes: number[] = []
  for (let turn = 0; turn < CLIENT_ROUNDS; turn++)
    processes.push(await timed(() => Promise.all(names.map((name) => runQuietly([...command, name])))))
  const [value, reference] = [median(over), median(processes)]
  return [
    {
      what: 'counts of 20 jails over the one connection',
      value,
      unit: 'ms',
      reference: { what: '20 fail2ban-client processes', value: reference },
      wanted: 'at least 100 times faster',
      ok: reference / value >= 100,
      note: `fail2ban ${version}; each jail has ${BANS_EACH} bans; the processes run at the same time`,
    },
  ]
}
