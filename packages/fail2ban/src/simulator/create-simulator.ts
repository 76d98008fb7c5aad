import { createReplier } from './replier.ts'
import { runSimulatedCommand } from './simulated-commands.ts'
import { createSimulatedDaemon } from './simulated-daemon.ts'
import type { SimulatedBan } from './ban-table.ts'
import type { SimulatedJailOptions } from './simulated-jail.ts'
import { createSimulatedLog } from './simulated-log.ts'
import type { SimulatorFault } from './simulator-fault.ts'
import { createSimulatorSocket } from './simulator-socket.ts'

export interface SimulatorOptions {
  readonly socketPath: string
  /** @default '1.1.0' */
  readonly version?: string
  readonly jails?: readonly SimulatedJailOptions[]
  /** epoch milliseconds @default Date.now */
  readonly now?: () => number
  /** where it logs to, as fail2ban does; without one nothing is logged */
  readonly logFile?: string
}

/** A fail2ban that is not there: it speaks the protocol over a real socket, and can be made to misbehave. */
export interface Simulator extends AsyncDisposable {
  readonly socketPath: string
  readonly version: string
  readonly listening: boolean
  /** commands answered since it was made, by their first word */
  readonly commandCounts: ReadonlyMap<string, number>
  addJail(options: SimulatedJailOptions): void
  removeJail(name: string): void
  /** Counts a failed attempt. Returns whether it caused a ban. */
  addFailure(jail: string, address: string): boolean
  /** Bans, for `duration` seconds. Returns false where the address is banned already. */
  ban(jail: string, address: string, duration?: number): boolean
  /** Ends the bans of an address or network. Returns how many there were. */
  unban(jail: string, address: string): number
  /** Bans that many invented addresses of 10.0.0.0/8. */
  fillBans(jail: string, count: number): void
  listBans(jail: string): readonly SimulatedBan[]
  /** Switches a fault on, or all off. What hangs goes on when it is taken away. */
  setFault(fault: SimulatorFault | null): void
  /** Closes all connections and goes on listening. */
  dropConnections(): void
  /** Listens (again), with a socket of a new identity. */
  start(): Promise<void>
  /** Ends in order: the socket's file is removed. */
  stop(): Promise<void>
  /** Ends as by `kill -9`, and takes away any fault: connections close, the socket's file stays and refuses. */
  kill(): Promise<void>
  /** Stops and starts; counters begin anew, bans are kept. */
  restart(): Promise<void>
}

/** Creates a simulator and lets it listen. */
export const createSimulator = async (options: SimulatorOptions): Promise<Simulator> => {
  const { socketPath, version = '1.1.0', now = Date.now, logFile } = options
  const writeLog = logFile === undefined ? () => undefined : createSimulatedLog({ path: logFile, now })
  const daemon = createSimulatedDaemon(version, now, writeLog)
  if (logFile !== undefined) daemon.settings.set('logtarget', logFile)
  for (const jail of options.jails ?? []) daemon.addJail(jail)
  const commandCounts = new Map<string, number>()
  const replier = createReplier({
    onCommand: ([word]) => {
      commandCounts.set(String(word), (commandCounts.get(String(word)) ?? 0) + 1)
    },
    run(command) {
      const value = runSimulatedCommand(daemon, command)
      if (command.length === 1 && command[0] === 'stop') setImmediate(() => void stop())
      return value
    },
  })
  const socket = createSimulatorSocket(socketPath, replier.answer)
  // a new instance has no fault of the old one
  const end = async (how: { keepFile: boolean }) => {
    await socket.close(how)
    replier.setFault(null)
  }
  const stop = async () => {
    if (socket.listening) writeLog({ type: 'stopped' })
    await end({ keepFile: false })
  }
  const listen = async () => {
    if (!socket.listening) writeLog({ type: 'starting', version })
    await socket.listen()
  }
  await listen()

  return {
    socketPath,
    version,
    commandCounts,
    get listening() {
      return socket.listening
    },
    addJail: (jail) => void daemon.addJail(jail),
    removeJail: (name) => daemon.removeJail(name),
    addFailure: (jail, address) => daemon.jail(jail).addFailure(address),
    ban: (jail, address, duration) => daemon.jail(jail).ban(address, duration),
    unban: (jail, address) => daemon.jail(jail).unban(address),
    fillBans(jail, count) {
      const target = daemon.jail(jail)
      for (let n = 0; n < count; n++) target.ban(`10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`)
    },
    listBans: (jail) => daemon.jail(jail).bans,
    setFault: replier.setFault,
    dropConnections: socket.dropConnections,
    start: listen,
    stop,
    kill: () => end({ keepFile: true }),
    async restart() {
      await stop()
      for (const { totals, banCount } of daemon.jails) Object.assign(totals, { failed: 0, banned: banCount })
      await listen()
    },
    [Symbol.asyncDispose]: stop,
  }
}
