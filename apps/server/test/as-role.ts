import type { Role } from '@bangui/shared'
import type { Context } from '../src/context.ts'
import type { Deps } from '../src/deps.ts'

/** The context of somebody of a role who is signed in, for callers of a router of its own. */
export const asRole = (deps: Deps, role: Role, remoteAddress = '203.0.113.50'): Context => ({
  deps,
  session: {
    id: '1',
    userId: 1,
    userName: 'Ada',
    role,
    createdAt: 0,
    lastSeenAt: 0,
    expiresAt: Number.MAX_SAFE_INTEGER,
    remoteAddress,
    userAgent: null,
  },
  request: {
    id: 'test',
    remoteAddress,
    sharedAddress: false,
    generation: 0,
    throughProxy: false,
    secure: false,
    userAgent: null,
    cookies: {},
  },
  headers: new Headers(),
})
