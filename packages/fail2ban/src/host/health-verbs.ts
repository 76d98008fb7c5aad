import { mutex, stepsOf } from '@bangui/async'
import { HealthRunRequest, type HealthCheckResult } from '@bangui/shared'
import { allChecks } from '../health/all-checks.ts'
import { compareBans } from '../health/compare-bans.ts'
import { createHealthMemory } from '../health/health-memory.ts'
import { createObserver } from '../health/create-observer.ts'
import { runChecks } from '../health/run-checks.ts'
import { HostError } from '../host-error.ts'
import type { ConfigVerbs } from '../verbs/config.ts'
import type { HealthVerbs } from '../verbs/health.ts'
import { createBoundedMutex, type HostLock } from './host-lock.ts'
import { inRunningJail } from './in-jail.ts'
import { proveBan } from './prove-ban.ts'
import type { LocalHostContext } from './local-host-context.ts'

/** How many test bans may wait for the one under way, which takes up to 20 s. */
const MAX_WAITING_PROOFS = 2

/** Creates the verbs about whether the protection works. Runs take turns: two at once would cost twice and see the same. */
export function createHealthVerbs(
  context: LocalHostContext,
  { lock, testRegex }: { readonly lock: HostLock } & Pick<ConfigVerbs, 'testRegex'>,
): HealthVerbs {
  const oneRun = mutex()
  const oneProof = createBoundedMutex(MAX_WAITING_PROOFS)
  const memory = createHealthMemory(context.clock)
  return {
    compareBans: (jails) => oneRun(() => compareBans(context, memory, jails)),
    async *run(input, { signal } = {}) {
      const parsed = HealthRunRequest.safeParse(input)
      if (!parsed.success) throw new HostError('invalid_argument', { message: parsed.error.message })
      const steps = stepsOf<HealthCheckResult, null>((emit, left) => {
        const either = signal ? AbortSignal.any([signal, left]) : left
        const run = async () => {
          const { filterTests } = parsed.data
          const observer = createObserver(context, memory, { testRegex, filterTests, signal: either })
          for await (const result of runChecks(allChecks, { request: parsed.data, observer, signal: either }))
            emit(result)
          return null
        }
        return oneRun(run, { signal: either })
      })
      for await (const item of steps) if ('step' in item) yield item.step
    },
    proveBan: (jail) =>
      oneProof(() =>
        inRunningJail(context.connection, jail, () => proveBan(context, jail, { memory, lock })),
      ),
  }
}
