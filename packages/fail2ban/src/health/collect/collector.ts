import type { FilterTest } from '@bangui/shared'
import type { LocalHostContext } from '../../host/local-host-context.ts'
import type { ConfigVerbs } from '../../verbs/config.ts'
import type { HealthMemory } from '../health-memory.ts'
import type { Observation, ObservationPart } from '../observation.ts'

/** Why something cannot be observed, in a sentence for people. */
export class UnseenError extends Error {
  override readonly name = 'UnseenError'
}

/** What a collector works with. `get` returns another part. */
export interface Collecting {
  readonly context: LocalHostContext
  readonly memory: HealthMemory
  readonly now: number
  /** the samples of filters */
  readonly filterTests: readonly FilterTest[]
  /** Returns what fail2ban-regex makes of lines: one at a time for the whole host. Undefined: no lines are tested. */
  readonly testRegex: ConfigVerbs['testRegex'] | undefined
  /** @throws UnseenError where that part cannot be seen */
  get<TPart extends ObservationPart>(part: TPart): Promise<Observation[TPart]>
}

/** Looks at one part of the machine, and changes nothing. @throws UnseenError with the reason why it cannot */
export type Collector<TPart extends ObservationPart> = (
  collecting: Collecting,
  /** aborts when nobody waits any more */
  signal: AbortSignal,
) => Promise<Observation[TPart]>
