import { sleep } from '@bangui/async'
import {
  createDaemonConnection,
  createPrivateDaemon,
  type DaemonConnection,
  type PrivateDaemon,
} from '@bangui/fail2ban'
import { fileURLToPath } from 'node:url'
import { signIn, unattended } from '../apps/server/test/api-client.ts'
import { environmentOf } from '../apps/server/test/daemon-environment.ts'
import { startListServer } from '../apps/server/test/list-server.ts'
import { listening, serverBundle, serverEnvironment, serverFlags } from './lib/bangui.ts'
import { banBarely, whilePinging } from './lib/banning.ts'
import type { BenchContext, Measure } from './lib/bench.ts'
import { readCpu, startProgram } from './lib/program.ts'

const ADDRESSES = 100_000
const named = ADDRESSES.toLocaleString('en')
const JAIL = 'lists'
const DEADLINE_MS = 10 * 60_000
const WANTED_RATIO = 1.15
const WANTED_PING_MS = 300
const WANTED_DELAY_MS = 50

const delayProgram = fileURLToPath(new URL('programs/event-loop-delay.mjs', import.meta.url))

/** Public addresses: none of them is skipped. */
const addressOf = (index: number) => `45.${index >> 16}.${(index >> 8) & 255}.${index & 255}`

/**
 * A list of 100,000 addresses, imported by the built server into a real fail2ban whose action does nothing, beside a bare client that
 * bans as many at another fail2ban; then the same list again.
 */
export async function run(context: BenchContext): Promise<readonly Measure[]> {
  const addresses = Array.from({ length: ADDRESSES }, (_, index) => addressOf(index))
  context.say(`banning ${named} addresses with a bare client`)
  const bareDaemon = await startDaemon(context)
  const bare = await measure(context, bareDaemon, () =>
    banBarely(connect(context, bareDaemon), JAIL, addresses),
  )
  await bareDaemon.stop()
  const daemon = await startDaemon(context)
  const lists = context.own(await startListServer())
  lists.lists.set('/list', addresses.join('\n'))
  const { bangui, importOnce } = await startImporting(context, daemon, lists.url('/list'))
  context.say(`importing ${named} addresses`)
  bangui.send({ do: 'begin' })
  const ours = await measure(context, daemon, importOnce)
  bangui.send({ do: 'tell' })
  const { p99, max } = await bangui.line('delay')
  context.say('importing them again')
  const asked = lists.requests.length
  const again = await measure(context, daemon, importOnce)
  const requests = lists.requests.slice(asked)
  return [
    timeOf(ours, bare),
    pingOf(ours, bare),
    {
      what: 'event-loop delay of BanGUI meanwhile, p99',
      value: Number(p99),
      unit: 'ms',
      wanted: `under ${WANTED_DELAY_MS} ms`,
      ok: Number(p99) < WANTED_DELAY_MS,
      note: `longest ${Math.round(Number(max))} ms; ${(ours.result.cpu / 1_000).toFixed(1)} s of processor time`,
    },
    {
      what: 'the same list again',
      value: again.took,
      unit: 'ms',
      wanted: 'one conditional request, and no ban',
      ok: again.result.status === 'unchanged' && requests.length === 1 && requests[0]?.status === 304,
      note: `${again.result.already.toLocaleString('en')} addresses were compared with the bans in force`,
    },
  ]
}

async function startDaemon(context: BenchContext): Promise<PrivateDaemon> {
  const daemon = context.own(await createPrivateDaemon({ jails: [{ name: JAIL, bantime: '1w' }] }))
  await daemon.start()
  return daemon
}

function connect(context: BenchContext, { socketPath }: PrivateDaemon): DaemonConnection {
  const connection = createDaemonConnection({ socketPath })
  context.own({ [Symbol.asyncDispose]: () => connection.close() })
  return connection
}

/** Measures work with the bans of a daemon, and the processor time that the daemon needed for it. */
async function measure<TResult>(context: BenchContext, daemon: PrivateDaemon, work: () => Promise<TResult>) {
  const pid = (await daemon.pid()) ?? 0
  const before = await readCpu(pid)
  const measured = await whilePinging(connect(context, daemon), work)
  return { ...measured, daemonCpu: (await readCpu(pid)) - before }
}

type Measured = Omit<Awaited<ReturnType<typeof measure>>, 'result'>

/** Starts the built server on a daemon, with a list. */
async function startImporting(context: BenchContext, daemon: PrivateDaemon, url: string) {
  const bangui = context.own(
    startProgram({
      args: [...serverFlags, '--import', delayProgram, serverBundle, 'serve'],
      env: {
        BANGUI_PORT: '0',
        BANGUI_ALLOW_PRIVATE_URLS: 'true',
        ...serverEnvironment,
        ...environmentOf(daemon),
        ...unattended,
      },
    }),
  )
  const { api } = await signIn(await listening(bangui))
  const { id } = await api.blocklists.add.mutate({ name: 'bench', url, jail: JAIL })
  const importOnce = async () => {
    const before = await readCpu(bangui.pid)
    const { runId } = await api.blocklists.import.mutate({ id })
    const end = performance.now() + DEADLINE_MS
    while (performance.now() < end) {
      const found = (await api.blocklists.runs.query({ id })).find((one) => one.runId === runId)
      if (found?.status === 'failed') throw new Error(found.message ?? 'The import failed.')
      if (found && found.status !== 'running') return { ...found, cpu: (await readCpu(bangui.pid)) - before }
      await sleep(50, { signal: context.signal })
    }
    throw new Error('The import does not end.')
  }
  return { bangui, importOnce }
}

function timeOf(ours: Measured, bare: Measured): Measure {
  const seconds = (milliseconds: number) => `${(milliseconds / 1_000).toFixed(1)} s`
  return {
    what: `importing ${named} addresses into a real fail2ban`,
    value: ours.took / 1_000,
    unit: 's',
    reference: { what: 'a bare client that sends the same batches', value: bare.took / 1_000 },
    wanted: `within ${WANTED_RATIO} times`,
    ok: ours.took <= bare.took * WANTED_RATIO,
    note: `fail2ban's processor time: ${seconds(ours.daemonCpu)}, with the bare client ${seconds(bare.daemonCpu)}`,
  }
}

function pingOf(ours: Measured, bare: Measured): Measure {
  const [value, reference] = [Math.max(...ours.pings), Math.max(...bare.pings)]
  return {
    what: '`ping` of fail2ban meanwhile: the slowest',
    value,
    unit: 'ms',
    reference: { what: 'while the bare client bans', value: reference },
    wanted: `within ${WANTED_PING_MS} ms, or on a busy machine twice`,
    ok: value <= WANTED_PING_MS || value <= reference * 2,
    note: `${ours.pings.length} pings`,
  }
}
