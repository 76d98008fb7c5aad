import { existsSync } from 'node:fs'
import { sleep } from '@bangui/async'
import { Fail2banUnavailableError } from '../errors.ts'
import { describeConnectFailure } from '../wire/connect-failure.ts'
import { findDaemonProcess } from './daemon-process.ts'
import { findHolder, findListeners, isHeldByFail2ban, type SocketHolder } from './socket-holder.ts'

/**
 * Who listens on the daemon's socket: the daemon, or a process that may be it; nobody; another process in the place of a
 * daemon that does not run; `unseen` where this process cannot see it.
 */
export type Listener = 'daemon' | 'nobody' | 'unseen' | SocketHolder

/**
 * Decides whether BanGUI may connect to the daemon's socket. Another process can listen there while no daemon runs, such
 * as systemd for a socket unit, and start the daemon at the first connection: then only a wanted start may connect.
 */
export interface SocketGuard {
  /** Returns who listens, without connecting. */
  look(): Promise<Listener>
  /**
   * Returns why BanGUI may not connect now; undefined: it may.
   * @param sinceClose milliseconds since the daemon closed the connection before
   */
  refusal(sinceClose: number): Promise<Fail2banUnavailableError | undefined>
  /** Lets the next connection through, which is meant to start the daemon. */
  permitOne(): void
  /** Lets nothing connect while the daemon stops: a connection that waits until it has ended starts it again. */
  whileStopping<TResult>(work: () => Promise<TResult>): Promise<TResult>
  /** To be called when the daemon has answered. */
  noteAnswer(): Promise<void>
}

export interface SocketGuardOptions {
  readonly socketPath: string
  /** Returns the path of the daemon's pidfile; undefined: not known. */
  readonly pidfile: () => Promise<string | undefined>
}

/** How long a daemon may still be there after it has closed its connections. */
const ENDING_MS = 1_000

/** How long after its end another process may come to listen in its place. */
const TAKING_OVER_MS = 5_000

/** How often a look starts again because the listeners changed under it. */
const MAX_LOOKS = 5

/** Creates the guard of one socket. */
export function createSocketGuard({ socketPath, pidfile }: SocketGuardOptions): SocketGuard {
  /** the pidfile has led to the daemon: a socket that listens without this process is held by another one */
  let knowsProcess = false
  /** the daemon's socket is among those that this process can see */
  let seesSocket = false
  let answersWithoutProcess = 0
  let permitted = false
  let stopping = 0
  let known: { readonly listeners: string; readonly holder: SocketHolder } | undefined

  const isRunning = async () => {
    const path = await pidfile()
    const found = path !== undefined && (await findDaemonProcess(path)).state !== 'none'
    if (found) knowsProcess = true
    return found
  }

  const holderOf = async (listeners: readonly string[]) => {
    const key = listeners.join()
    if (known?.listeners !== key) known = { listeners: key, holder: await findHolder(listeners) }
    return known.holder
  }

  const look = async (looks = MAX_LOOKS): Promise<Listener> => {
    const listeners = await findListeners(socketPath)
    if (listeners.length === 0) return seesSocket ? 'nobody' : 'unseen'
    if (await isRunning()) return 'daemon'
    const holder = await holderOf(listeners)
    if (!knowsProcess && holder.name !== 'systemd') return 'daemon'
    if (await isHeldByFail2ban(listeners, socketPath)) return 'daemon'
    // the daemon can end, and another one begin to listen, while this looks
    const isOutdated = (await findListeners(socketPath)).join() !== listeners.join()
    return isOutdated && looks > 1 ? look(looks - 1) : holder
  }

  return {
    look: () => look(),
    async refusal(sinceClose) {
      if (stopping > 0) return new Fail2banUnavailableError('refused', 'fail2ban is being stopped.')
      if (permitted) {
        permitted = false
        return undefined
      }
      const end = performance.now() + ENDING_MS - sinceClose
      const mayEnd = () => knowsProcess && performance.now() < end
      let found = await look()
      while (found === 'daemon' && mayEnd()) {
        await sleep(20)
        found = await look()
      }
      // a process that begins to listen before the attempt would start the daemon because of it
      if (found === 'nobody' && sinceClose < TAKING_OVER_MS) return describeAbsence(socketPath)
      if (!isHolder(found)) return undefined
      return new Fail2banUnavailableError('refused', describeHolder(found, socketPath))
    },
    permitOne() {
      permitted = true
    },
    async whileStopping(work) {
      stopping += 1
      try {
        return await work()
      } finally {
        stopping -= 1
      }
    },
    async noteAnswer() {
      answersWithoutProcess = (await isRunning()) ? 0 : answersWithoutProcess + 1
      // one can be the last of a daemon that died since; of two, the pidfile proves nothing about this daemon
      if (answersWithoutProcess > 1) knowsProcess = false
      seesSocket = (await findListeners(socketPath)).length > 0
    },
  }
}

/** Returns whether another process listens in the daemon's place. */
export const isHolder = (listener: Listener): listener is SocketHolder => typeof listener !== 'string'

/** Returns the error that an attempt to connect would fail with where nobody listens. */
const describeAbsence = (socketPath: string): Promise<Fail2banUnavailableError> => {
  const code = existsSync(socketPath) ? 'ECONNREFUSED' : 'ENOENT'
  return describeConnectFailure(Object.assign(new Error('Nobody listens.'), { code }), socketPath)
}

/** A sentence for a person: who listens in the daemon's place, and what follows from that. */
function describeHolder(holder: SocketHolder, socketPath: string): string {
  return `fail2ban is not running. ${nameHolder(holder)} listens on ${socketPath} and would start fail2ban at the first connection, so BanGUI does not connect. Start fail2ban here when you want it to run.`
}

/** Returns the beginning of a sentence: `systemd (process 1)`. */
export const nameHolder = ({ pid, name }: SocketHolder): string =>
  pid === null ? 'Another process' : `${name ?? 'A process'} (process ${pid})`
