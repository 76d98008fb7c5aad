import type { DaemonConnection } from '../connection.ts'
import { listRunningJails } from '../commands.ts'
import { Fail2banUnavailableError } from '../errors.ts'

/** What the daemon answered about its jails after something was read in its log. */
export interface JailAnswer {
  /** what was asked about: see `mark` of the settler */
  readonly mark: number
  /** when it came, epoch milliseconds */
  readonly at: number
  /** undefined: it cannot be told */
  readonly jails: ReadonlySet<string> | undefined
}

/** Asks the daemon which jails it has, one request at a time. */
export interface JailQuestion {
  /** Asks, unless it has been asked and no answer was taken yet. */
  ask(mark: number): void
  /** Takes out the answer that has come. */
  take(): JailAnswer | undefined
}

const DEADLINE = 5000

/**
 * The daemon has one thread for commands, so an answer that comes after a jail was stopped no longer has the jail. A
 * daemon that closed its connection, or has none, is stopping or gone: no jail.
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
  const ask = async (mark: number) => {
    try {
      const jails = new Set(await listRunningJails(connection, DEADLINE))
      answer = { mark, at: clock(), jails }
      onAnswer()
    } catch (error) {
      // a busy daemon is asked again at the next look at the log
      if (reasonOf(error) !== 'timeout')
        answer = { mark, at: clock(), jails: isGone(error) ? new Set() : undefined }
      if (isGone(error)) onAnswer()
    } finally {
      isAsking = false
    }
  }
  return {
    ask(mark) {
      if (isAsking || answer !== undefined) return
      isAsking = true
      void ask(mark)
    },
    take() {
      const taken = answer
      answer = undefined
      return taken
    },
  }
}

const reasonOf = (error: unknown) => (error instanceof Fail2banUnavailableError ? error.reason : undefined)

const isGone = (error: unknown) => {
  const reason = reasonOf(error)
  return reason === 'refused' || reason === 'socket_missing'
}
