import { sleep } from '@bangui/async'
import { decodePickle } from '../wire/decode-pickle.ts'
import { terminator } from '../wire/encode-command.ts'
import { encodeReply } from './encode-reply.ts'
import { PythonException, type PythonValue, tuple } from './python-value.ts'
import { runSimulatedCommand } from './simulated-commands.ts'
import { createSimulatedDaemon } from './simulated-daemon.ts'
import type { SimulatedBan, SimulatedJailOptions } from './simulated-jail.ts'
import { createSimulatedLog } from './simulated-log.ts'
import type { SimulatorFault } from './simulator-fault.ts'
import { createSimulatorSocket, type IncomingRequest } from './simulator-socket.ts'

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
  /** Counts a failed attempt; true when it made a ban. */
  addFailure(jail: string, address: string): boolean
  /** Bans; false when the address was banned already. `duration` in seconds. */
  ban(jail: string, address: string, duration?: number): boolean
  /** Ends bans of an address or network; tells how many. */
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

const maxPending = 10_000

/** Creates a simulator and lets it listen. */
export const createSimulator = async (options: SimulatorOptions): Promise<Simulator> => {
  const { socketPath, version = '1.1.0', now = Date.now, logFile } = options
  const tell = logFile === undefined ? () => undefined : createSimulatedLog({ path: logFile, now })
  const daemon = createSimulatedDaemon(version, now, tell)
  if (logFile !== undefined) daemon.settings.set('logtarget', logFile)
  for (const jail of options.jails ?? []) daemon.addJail(jail)
  const commandCounts = new Map<string, number>()
  let fault: SimulatorFault | null = null
  let faultGone = Promise.withResolvers<void>()
  /** one command after the other, from all clients: fail2ban has one thread for its socket */
  let turn = Promise.resolve()
  let pending = 0

  const answer = async ({ bytes, socket }: IncomingRequest) => {
    if (fault?.kind === 'hang') await faultGone.promise
    if (fault?.kind === 'slow') await sleep(fault.milliseconds)
    if (socket.destroyed) return
    const command = readCommand(bytes)
    if (command) commandCounts.set(String(command[0]), (commandCounts.get(String(command[0])) ?? 0) + 1)
    const half = fault?.kind === 'cut' || fault?.kind === 'hang_mid_reply' ? fault.kind : null
    const reply =
      faultyReply(fault) ?? frame(command ? runCommand(command) : 'ERROR: pickle data was truncated')
    if (half === null) return void socket.write(reply)
    const middle = Math.ceil(reply.length / 2)
    socket.write(reply.subarray(0, middle))
    if (half === 'cut') return void socket.end()
    await faultGone.promise
    if (!socket.destroyed) socket.write(reply.subarray(middle))
  }

  const runCommand = (command: readonly unknown[]): PythonValue => {
    try {
      const value = runSimulatedCommand(daemon, command)
      if (command.length === 1 && command[0] === 'stop') setImmediate(() => void stop())
      return tuple(0, value)
    } catch (error) {
      if (error instanceof PythonException) return tuple(1, error.call)
      throw error
    }
  }

  const socket = createSimulatorSocket(socketPath, (request) => {
    if (pending >= maxPending) return void request.socket.destroy()
    pending++
    turn = turn
      .then(() => answer(request))
      .catch(() => void request.socket.destroy())
      .finally(() => void pending--)
  })
  const setFault = (next: SimulatorFault | null) => {
    fault = next
    faultGone.resolve()
    faultGone = Promise.withResolvers()
  }
  // a new life has no fault of the old one
  const end = async (how: { keepFile: boolean }) => {
    await socket.close(how)
    setFault(null)
  }
  const stop = async () => {
    if (socket.listening) tell({ type: 'stopped' })
    await end({ keepFile: false })
  }
  const listen = async () => {
    if (!socket.listening) tell({ type: 'starting', version })
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
    setFault,
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

const readCommand = (bytes: Buffer): readonly unknown[] | null => {
  try {
    const command = decodePickle(bytes)
    return Array.isArray(command) ? (command as unknown[]) : null
  } catch {
    // fail2ban answers a request that it cannot read with a bare text
    return null
  }
}

const frame = (value: PythonValue): Buffer => Buffer.concat([encodeReply(value), terminator])

const faultyReply = (fault: SimulatorFault | null): Buffer | null => {
  switch (fault?.kind) {
    case 'garbage':
      return Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
    case 'error_text':
      return frame('ERROR: simulated')
    case 'shutdown':
      return frame(['SHUTDOWN'])
    default:
      return null
  }
}
