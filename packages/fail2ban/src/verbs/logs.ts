import type { DaemonLog } from '@bangui/shared'

/** The verbs about fail2ban’s own log. */
export interface LogVerbs {
  /** Returns the last lines of fail2ban's own log. */
  read(): Promise<DaemonLog>
}
