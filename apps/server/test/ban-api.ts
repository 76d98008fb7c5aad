import { listDueTimers } from '@bangui/db'
import type { Role } from '@bangui/shared'
import { bansRouter } from '../src/features/bans/bans.router.ts'
import type { HostDeps } from '../src/deps.ts'
import { createCallerFactory } from '../src/trpc.ts'
import { asRole } from './as-role.ts'
import { withBans } from './ban-daemon.ts'
import { createTestDeps } from './create-test-deps.ts'
import { withHost } from './one-host.ts'

const createCaller = createCallerFactory(bansRouter)

/** The procedures of bans over a daemon and an archive in memory; `api` is an operator's. */
export async function createBanApi() {
  const test = await createTestDeps()
  const daemon = withBans({ ...test, hostDb: test.deps.hostDb, operations: test.deps.operations })
  const as = (role: Role, over: Partial<HostDeps> = {}) =>
    createCaller(asRole(withHost(test.deps, over), role))
  const timers = () => listDueTimers(test.deps.hostDb, Number.MAX_SAFE_INTEGER, 100_000)
  const follow = (state: 'following' | 'missing') =>
    test.state.update((current) => {
      const events = { ...current.watching.events, state }
      return { ...current, watching: { ...current.watching, events } }
    })
  return { ...test, ...daemon, as, api: as('operator'), timers, follow }
}

/** So many public addresses. */
export const many = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `45.${index >> 16}.${(index >> 8) & 255}.${index & 255}`)
