import { mutex, sleep } from '@bangui/async'
import { decodePickle } from '../wire/decode-pickle.ts'
import { frameEnd } from '../wire/encode-command.ts'
import { encodeReply } from './encode-reply.ts'
import { PythonException, type PythonValue, tuple } from './python-value.ts'
import type { SimulatorFault } from './simulator-fault.ts'
import type { IncomingRequest } from './simulator-socket.ts'

/** Answers requests one after the other, from all clients, as fail2ban's one thread for its socket does. */
export interface Replier {
  answer(request: IncomingRequest): void
  /** Switches a fault on, or all off. A reply that hangs goes on when the fault changes. */
  setFault(fault: SimulatorFault | null): void
}

export interface ReplierOptions {
  /** called with each command, also where a fault keeps it from being run */
  readonly onCommand: (command: readonly unknown[]) => void
  /** Runs a command and returns its value. @throws PythonException */
  readonly run: (command: readonly unknown[]) => PythonValue
}

const MAX_PENDING = 10_000

/** Creates a replier without a fault. */
export function createReplier({ onCommand, run }: ReplierOptions): Replier {
  const oneReply = mutex({ maxWaiting: MAX_PENDING, onFull: () => new Error('Too many requests.') })
  let fault: SimulatorFault | null = null
  let faultEnded = Promise.withResolvers<void>()

  const reply = async ({ bytes, socket }: IncomingRequest) => {
    if (fault?.kind === 'hang') await faultEnded.promise
    if (fault?.kind === 'slow') await sleep(fault.milliseconds)
    if (socket.destroyed) return
    const command = readCommand(bytes)
    if (command) onCommand(command)
    const half = fault?.kind === 'cut' || fault?.kind === 'hang_mid_reply' ? fault.kind : null
    const bytesOut =
      faultyReply(fault) ?? frame(command ? valueOf(command) : 'ERROR: pickle data was truncated')
    if (half === null) return void socket.write(bytesOut)
    const middle = Math.ceil(bytesOut.length / 2)
    socket.write(bytesOut.subarray(0, middle))
    if (half === 'cut') return void socket.end()
    await faultEnded.promise
    if (!socket.destroyed) socket.write(bytesOut.subarray(middle))
  }

  const valueOf = (command: readonly unknown[]): PythonValue => {
    try {
      return tuple(0, run(command))
    } catch (error) {
      if (error instanceof PythonException) return tuple(1, error.call)
      throw error
    }
  }

  return {
    answer: (request) => void oneReply(() => reply(request)).catch(() => void request.socket.destroy()),
    setFault(next) {
      fault = next
      faultEnded.resolve()
      faultEnded = Promise.withResolvers()
    },
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

const frame = (value: PythonValue): Buffer => Buffer.concat([encodeReply(value), frameEnd])

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
