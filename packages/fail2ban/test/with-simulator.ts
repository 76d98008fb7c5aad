import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSimulator, type Simulator, type SimulatorOptions } from '../src/simulator/create-simulator.ts'
import { createDaemonConnection, type DaemonConnectionOptions } from '../src/wire/daemon-connection.ts'
import type { DaemonConnection } from '../src/connection.ts'

export interface SimulatedHost extends AsyncDisposable {
  readonly simulator: Simulator
  readonly connection: DaemonConnection
  readonly socketPath: string
  readonly events: readonly string[]
}

/** A simulator in a folder of its own, and a connection to it. */
export const withSimulator = async (
  options: Omit<SimulatorOptions, 'socketPath'> = {},
  connectionOptions: Omit<DaemonConnectionOptions, 'socketPath'> = {},
): Promise<SimulatedHost> => {
  const folder = await makeFolder()
  const socketPath = join(folder, 's.sock')
  const simulator = await createSimulator({
    socketPath,
    jails: [{ name: 'sshd' }, { name: 'web' }],
    ...options,
  })
  const connection = createDaemonConnection({ socketPath, ...connectionOptions })
  const events: string[] = []
  connection.onConnectionEvent((event) => events.push(event))
  return {
    simulator,
    connection,
    socketPath,
    events,
    async [Symbol.asyncDispose]() {
      await connection.close()
      await simulator[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    },
  }
}

/** A new folder with a path short enough for sockets. */
export const makeFolder = () => mkdtemp(join(tmpdir(), 'f2b-wire-'))
