import type { Deps } from './deps.ts'
import type { Session } from './features/auth/sessions.ts'

/** What a procedure knows of the request that called it. */
export interface Context {
  readonly deps: Deps
  readonly session: Session | null
  readonly request: RequestInfo
  /** headers of the answer: cookies are set through it */
  readonly headers: Headers
}

export interface RequestInfo {
  readonly id: string
  /** the caller's address, through trusted proxies only */
  readonly remoteAddress: string
  /** many people may come from the address: it is a proxy's, or could not be determined */
  readonly sharedAddress: boolean
  /** came over TLS, as a trusted proxy says */
  readonly secure: boolean
  readonly userAgent: string | null
  readonly cookies: Readonly<Record<string, string>>
}
