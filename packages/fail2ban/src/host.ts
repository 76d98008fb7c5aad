import type { DaemonVerbs } from './verbs/daemon.ts'
import type { JailVerbs } from './verbs/jails.ts'
import type { BanVerbs } from './verbs/bans.ts'
import type { HistoryVerbs } from './verbs/history.ts'
import type { EventVerbs } from './verbs/events.ts'
import type { ConfigVerbs } from './verbs/config.ts'
import type { HealthVerbs } from './verbs/health.ts'
import type { IgnoreVerbs } from './verbs/ignores.ts'
import type { LogVerbs } from './verbs/logs.ts'

/**
 * One fail2ban host: narrow, typed verbs, grouped by subject. The server never touches a socket, a configuration file or
 * a command line tool itself. Every argument is validated on this side of the seam. Verbs that change something never
 * overlap: a second one is refused with `busy`.
 */
export interface Fail2banHost {
  readonly daemon: DaemonVerbs
  readonly jails: JailVerbs
  readonly bans: BanVerbs
  readonly ignores: IgnoreVerbs
  readonly history: HistoryVerbs
  readonly events: EventVerbs
  readonly config: ConfigVerbs
  readonly logs: LogVerbs
  readonly health: HealthVerbs
  /** Ends the connection. */
  close(): Promise<void>
}
