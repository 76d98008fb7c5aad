import type { Deps } from './deps.ts'
import type { Session } from './features/auth/session.ts'
import type { RequestInfo } from './http/request-info.ts'

/** The context of a procedure. */
export interface Context {
  readonly deps: Deps
  readonly session: Session | null
  readonly request: RequestInfo
  /** headers of the answer: cookies are set through it */
  readonly headers: Headers
}
