import type { Role } from '@bangui/shared'

/** The session of a signed-in user. Times are epoch milliseconds. */
export interface Session {
  readonly id: string
  readonly userId: number
  readonly userName: string
  readonly role: Role
  readonly createdAt: number
  readonly lastSeenAt: number
  /** when it ends if it is not used again */
  readonly expiresAt: number
  readonly remoteAddress: string | null
  readonly userAgent: string | null
}
