import { can, SECOND_CONFIRMATION_AT, type UnconfirmedChange } from '@bangui/shared'
import { AppError } from '../../lib/errors.ts'
import type { Session } from '../auth/session.ts'

/** A change that waits, with whose confirmations count. */
export interface WaitingChange extends UnconfirmedChange {
  /** the session that applied it; null: BanGUI has restarted since, and each session of its user counts */
  readonly sessionId: string | null
  /** the id of its user; null: not known */
  readonly userId: number | null
  /** connections of this generation and later ones count */
  readonly generation: number
}

/** Who confirms, over which connection. */
export interface Confirmer {
  readonly sessionId: string
  readonly userId: number
  readonly userName: string
  /** of the connection, see `Connections` */
  readonly generation: number
}

/** Who applies a change that has to be confirmed. */
export type Applier = Pick<Confirmer, 'sessionId' | 'userId' | 'userName'>

/**
 * What a confirmation is worth: `first` and `second` count; `elsewhere` is of another session, `old_connection` came over one
 * from before the load or the first confirmation, and `too_early` would be the second.
 */
export type ConfirmationVerdict = 'elsewhere' | 'old_connection' | 'too_early' | 'first' | 'second'

/** Returns who applies a change in a session. */
export const applierOf = ({ id, userId, userName }: Session): Applier => ({ sessionId: id, userId, userName })

interface Applying {
  readonly deps: { readonly key: string }
  readonly session: Session
}

/** Returns whose confirmation a change needs that can lock people out; undefined: nobody's. @throws AppError forbidden */
export function confirmerOf(
  { deps, session }: Applying,
  { provisional }: { readonly provisional?: boolean | undefined },
): Applier | undefined {
  if (provisional !== false) return applierOf(session)
  if (!can(session, 'config.execute', deps.key)) throw new AppError('forbidden')
  return undefined
}

/** Returns what a confirmation is worth. */
export function validateConfirmation(
  waiting: WaitingChange,
  { sessionId, userId, generation }: Confirmer,
  now: number,
): ConfirmationVerdict {
  const isOwn = waiting.sessionId === null ? waiting.userId === userId : waiting.sessionId === sessionId
  if (!isOwn) return 'elsewhere'
  if (generation < waiting.generation) return 'old_connection'
  if (waiting.confirmations === 0) return 'first'
  return untilSecond(waiting, now) > 0 ? 'too_early' : 'second'
}

/** Returns how long it takes until the second confirmation counts, in milliseconds. */
export const untilSecond = ({ appliedAt, confirmBy }: UnconfirmedChange, now: number): number =>
  Math.max(0, Math.ceil(appliedAt + (confirmBy - appliedAt) * SECOND_CONFIRMATION_AT - now))
