import type { DaemonConnection } from '../connection.ts'
import { listRunningJails } from '../commands.ts'
import { Fail2banUnavailableError } from '../errors.ts'

/** The daemon's answer about its jails, after a part of its log was read. */
export interface JailAnswer {
  /** what was held when the daemon was asked: see `heldEnd` of the decider */
  readonly heldEnd: number
  /** when the answer came, epoch milliseconds */
  readonly at: number
  /** undefined: the daemon cannot be asked */
  readonly jails: ReadonlySet<string> | undefined
}

/** Asks the daemon which jails it has, one request at a time. */
export interface JailQuestion {
  /** Asks, unless an answer is under way or was not taken yet. */
  ask(heldEnd: number): void
  /** Takes out the answer, if it has come. */
  take(): JailAnswer | undefined
}

const TIMEOUT_MS = 5000

/**
 * The daemon has one thread for commands, so an answer that comes after a jail was stopped no longer has the jail. A
 * daemon that has closed its connection is stopping or offline: it has no jail.
 */
export function createJailQuestion(
  {
    connection,
    clock,
  }: { readonly connection: Pick<DaemonConnection, 'request'>; readonly clock: () => number },
  onAnswer: () => void,
): JailQuestion {
  let isAsking = false
  let answer: JailAnswer | undefined
  const ask = async (heldEnd: number) => {
    try {
      const jails = new Set(await listRunningJails(connection, TIMEOUT_MS))
      answer = { heldEnd, at: clock(), jails }
      onAnswer()
    } catch (error) {
      // a busy daemon is asked again at the next reading of the log
      if (reasonOf(error) !== 'timeout')
        answer = { heldEnd, at: clock(), jails: isGone(error) ? new Set() : undefined }
      if (isGone(error)) onAnswer()
    } finally {
      isAsking = false
    }
  }
  return {
    ask(heldEnd) {
      if (isAsking || answer !== undefined) return
      isAsking = true
      void ask(heldEnd)
    },
    take() {
      const taken = answer
      answer = undefined
      return taken
    },
  }
}

const reasonOf = (error: unknown) =>
  error instanceof Fail2banUnavailableError ? error.params.reason : undefined

const isGone = (error: unknown) => {
  const reason = reasonOf(error)
  return reason === 'refused' || reason === 'socket_missing'
}
