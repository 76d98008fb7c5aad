import { rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { createSimulator, privatePaths, writeConfig } from '@bangui/fail2ban'
import type { DemoDaemon } from './demo-daemon.ts'
import { attackedJails, recidiveJail, type DemoJail } from './demo-jails.ts'
import { writePast } from './past-log.ts'

/** Who is banned this often is banned by the jail for repeaters, too, as in the real one's log. */
const recidive = 'recidive'

/** Runs the simulator on a folder of the demo, with configuration files that list the same jails as the real one. */
export async function startSimulatedDaemon(folder: string, seed: number): Promise<DemoDaemon> {
  const paths = privatePaths(folder)
  const jails: readonly DemoJail[] = [...attackedJails, recidiveJail(paths.logfile)]
  await writeConfig(paths, jails)
  const running = jails.filter(({ enabled }) => enabled !== false)
  await writePast(paths.logfile, { seed, until: Date.now() })
  const simulator = await createSimulator({
    socketPath: paths.socketPath,
    jails: running,
    logFile: paths.logfile,
  })
  const names = new Set(running.map(({ name }) => name))
  const switchPath = join(folder, 'start.sock')
  const starter = await listenForStart(switchPath, async () => {
    if (simulator.listening) return
    // the command that stopped it took its jails with it
    for (const jail of running) simulator.addJail(jail)
    await simulator.start()
  })

  return {
    kind: 'simulated',
    socketPath: paths.socketPath,
    configDir: paths.configDir,
    client: 'fail2ban-client',
    startCommand: [process.execPath, '-e', startScript, switchPath],
    deliver: async ({ jail, address }) => {
      if (!simulator.listening || !names.has(jail)) return
      if (simulator.addFailure(jail, address)) simulator.addFailure(recidive, address)
    },
    stop: async () => {
      starter.close()
      await simulator[Symbol.asyncDispose]()
    },
  }
}

/** Connects to the switch and waits until it hangs up: by then the simulator listens. */
const startScript =
  "require('node:net').connect(process.argv[1]).on('error', () => process.exit(1)).resume().on('close', () => process.exit())"

/** A simulator that was stopped has no process to start again: a connection to this socket starts it. */
async function listenForStart(path: string, start: () => Promise<void>): Promise<Server> {
  await rm(path, { force: true })
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    start().then(
      () => socket.end(),
      () => socket.destroy(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(path, resolve)
  })
  return server
}
