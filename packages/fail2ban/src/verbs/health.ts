import type { AbortOptions } from '@bangui/async'
import type { HealthCheckResult, HealthRunRequest } from '@bangui/shared'

/** The verbs about whether the protection works. */
export interface HealthVerbs {
  /**
   * Runs checks, which only look, and yields one result for each in the order of the catalogue. One run at a time; a second
   * one waits. Never rejects because of what it finds: what cannot be seen is in `cannotTell`. The signal ends the run after
   * the check under way. @throws invalid_argument
   */
  run(request: HealthRunRequest, options?: AbortOptions): AsyncIterable<HealthCheckResult>
}
