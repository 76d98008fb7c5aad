import * as z from 'zod'
import { AlertsSummary } from './alerts-summary.ts'
import { LostBans } from './ban.ts'
import { UnconfirmedChange } from './confirmation.ts'
import { ConfigNotice } from './config-notice.ts'
import { HealthSummary } from './health-report.ts'
import { Pause } from './pause.ts'
import { PendingRecovery, RecoveryProgress } from './recovery.ts'
import { ServerStatus } from './server-status.ts'
import { Count } from './time.ts'
import { Watching } from './watching.ts'

/** The state of the server that the interface shows live. */
export const RuntimeSnapshot = z.object({
  /** the key of the host that this is about */
  host: z.string(),
  /** counts the changes of all hosts */
  revision: Count,
  serverStatus: ServerStatus,
  pendingRecovery: PendingRecovery.nullable(),
  recovery: RecoveryProgress.nullable(),
  /** the change that waits to be confirmed; null: there is none */
  unconfirmedChange: UnconfirmedChange.nullable(),
  /** the time of maintenance in which jails are idle; null: there is none */
  pause: Pause.nullable(),
  setupComplete: z.boolean(),
  demo: z.boolean(),
  node: z.string(),
  version: z.string(),
  /** distinguishes one build of the web interface from another; null: none is served */
  build: z.string().nullable(),
  /** BanGUI changes nothing in fail2ban, its files or its bans; only its environment can change this setting */
  readOnly: z.boolean(),
  /** since when the daemon has been up; null while it is offline or if that is unknown */
  onlineSince: z.int().nullable(),
  /** number of jails in the configuration; null until it has been read */
  configuredJails: Count.nullable(),
  /** problems of fail2ban's configuration; one with which fail2ban would not start comes first */
  configNotices: z.array(ConfigNotice),
  /** commands to copy when the daemon is offline or does not answer, in order */
  helpCommands: z.array(z.string()),
  /** the state of BanGUI's event sources */
  watching: Watching,
  /** the findings of the protection's checks, in numbers */
  health: HealthSummary,
  alerts: AlertsSummary,
  /** bans that a crash lost and that can be banned again; null: none */
  lostBans: LostBans.nullable(),
})
export type RuntimeSnapshot = z.infer<typeof RuntimeSnapshot>
