import type { Deps } from '../../deps.ts'
import type { Session } from '../auth/session.ts'

/** The longest time between two checks of a session: the settings can shorten a session. */
const MAX_WAIT_MS = 60_000

/** The shortest, in milliseconds. */
const MIN_WAIT_MS = 10

/**
 * Ends the streams of a session when it expires, until `signal` aborts. A session that is used meanwhile expires later.
 */
export function endAtExpiry(
  { sessions, streams, clock }: Pick<Deps, 'sessions' | 'streams' | 'clock'>,
  session: Session,
  signal: AbortSignal,
): void {
  let { expiresAt } = session
  let timer: NodeJS.Timeout | undefined

  const wait = () => {
    if (signal.aborted) return
    const milliseconds = Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, expiresAt - clock()))
    timer = setTimeout(() => void look(), milliseconds)
    timer.unref()
  }

  const look = async () => {
    try {
      const own = await sessions.list(session.userId)
      expiresAt = own.find(({ id }) => id === session.id)?.expiresAt ?? 0
    } catch {
      // the database cannot be read: the last known expiry applies
    }
    if (clock() >= expiresAt) streams.endSession(session.id)
    else wait()
  }

  signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  wait()
}
