import { sleep } from '@bangui/async'
import { unattended } from '../apps/server/test/api-client.ts'
import { bareServer, launchBangui, listening } from './lib/bangui.ts'
import type { BenchContext, Measure } from './lib/bench.ts'
import { startSimulator } from './lib/daemons.ts'
import { median } from './lib/numbers.ts'
import { readCpu, readMemory, startProgram, type Program } from './lib/program.ts'

const ROUNDS = 5
const QUIET_MS = 10_000
const MINUTE_MS = 60_000

/** How long the built server takes to listen on a database that is there, and its memory at rest; beside a bare one. */
export async function run(context: BenchContext): Promise<readonly Measure[]> {
  const { env } = await startSimulator(context, [{ name: 'sshd' }])
  const launch = () => context.own(launchBangui({ ...env, ...unattended }))
  const launchBare = () => context.own(startProgram({ args: [bareServer] }))

  context.say('starting BanGUI and a bare server in turn')
  await timeToListen(launch)
  const times = { bangui: [] as number[], bare: [] as number[] }
  for (let turn = 0; turn < ROUNDS; turn++) {
    times.bangui.push(await timeToListen(launch))
    times.bare.push(await timeToListen(launchBare))
  }

  context.say('leaving both alone for 70 s')
  const [bangui, bare] = [launch(), launchBare()]
  await Promise.all([listening(bangui), listening(bare)])
  await sleep(QUIET_MS, { signal: context.signal })
  const startCpu = await readCpu(bare.pid)
  const before = await readCpu(bangui.pid)
  await sleep(MINUTE_MS, { signal: context.signal })
  const cpu = (await readCpu(bangui.pid)) - before
  const [memory, bareMemory] = await Promise.all([readMemory(bangui.pid), readMemory(bare.pid)])
  return [
    {
      what: 'start to listening, warm',
      value: median(times.bangui),
      unit: 'ms',
      reference: { what: 'a bare Node HTTP server', value: median(times.bare) },
      wanted: 'at most 8 times',
      ok: median(times.bangui) <= median(times.bare) * 8,
    },
    {
      what: 'processor time at rest, a minute',
      value: cpu,
      unit: 'ms',
      reference: { what: 'one start of a bare Node HTTP server', value: startCpu },
      wanted: 'at most 10 times',
      ok: cpu <= startCpu * 10,
      note: 'one jail, nobody looks; the minute after the first 10 s, with the first run of all checks',
    },
    {
      what: 'memory at rest',
      value: memory.resident,
      unit: 'MB',
      reference: { what: 'a bare Node HTTP server', value: bareMemory.resident },
      wanted: 'at most twice',
      ok: memory.resident <= bareMemory.resident * 2,
      note: `resident, after 70 s and a run of all checks; at its highest ${Math.round(memory.peak)} MB`,
    },
  ]
}

async function timeToListen(launch: () => Program): Promise<number> {
  const begun = performance.now()
  const program = launch()
  await listening(program)
  const time = performance.now() - begun
  program.kill('SIGTERM')
  await program.ended
  return time
}
