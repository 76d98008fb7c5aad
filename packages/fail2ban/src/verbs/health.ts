import type { AbortOptions } from '@bangui/async'
import type { BanComparison, BanProof, HealthCheckResult, HealthRunRequest } from '@bangui/shared'

/** The verbs about whether the protection works. */
export interface HealthVerbs {
  /**
   * Runs checks, which only look, and yields one result for each in the order of the catalogue. One run at a time; a second
   * one waits. Never rejects because of what it finds: what cannot be seen is in `cannotTell`. The signal ends the run after
   * the check under way. @throws invalid_argument
   */
  run(request: HealthRunRequest, options?: AbortOptions): AsyncIterable<HealthCheckResult>
  /**
   * Compares what jails ban with what the firewall blocks, which has up to 5 s to follow. Jails that ban nobody are left out. Never
   * rejects: what cannot be seen has a reason.
   */
  compareBans(jails: readonly string[]): Promise<BanComparison[]>
  /**
   * Bans addresses of the ranges for documentation in a jail, looks for them in the firewall, and unbans them, also after an error and at
   * the next start. These bans are in no event, list or history of the host; fail2ban's own counts have them. One at a time; with two
   * waiting, further ones are refused with `busy`. @throws jail_unknown, daemon_unavailable
   */
  proveBan(jail: string): Promise<BanProof>
}
