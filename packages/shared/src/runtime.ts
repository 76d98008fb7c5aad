import * as z from 'zod'
import { LostBans } from './ban.ts'
import { ConfigNotice } from './config-notice.ts'
import { PendingRecovery, RecoveryProgress } from './recovery.ts'
import { ServerStatus } from './server-status.ts'
import { Count } from './time.ts'
import { Watching } from './watching.ts'

/** Everything that changes while the server runs and that the interface watches. */
export const RuntimeSnapshot = z.object({
  revision: Count,
  serverStatus: ServerStatus,
  pendingRecovery: PendingRecovery.nullable(),
  recovery: RecoveryProgress.nullable(),
  setupComplete: z.boolean(),
  demo: z.boolean(),
  node: z.string(),
  version: z.string(),
  /** tells one build of the web interface from another; null: none is served */
  build: z.string().nullable(),
  /** BanGUI changes nothing in fail2ban, its files or its bans; only its environment can change that */
  readOnly: z.boolean(),
  /** when the daemon was first seen up without a break; null while offline or not known */
  onlineSince: z.int().nullable(),
  /** jails that the configuration knows; null until it has been read */
  configuredJails: Count.nullable(),
  /** what a person has to know of fail2ban's configuration, that fail2ban would not start with it first */
  configNotices: z.array(ConfigNotice),
  /** commands that a person can copy to help a daemon that is away or silent, in order */
  helpCommands: z.array(z.string()),
  /** how the watching itself gets on */
  watching: Watching,
  /** bans that a crash lost and that can be banned again; null: none */
  lostBans: LostBans.nullable(),
})
export type RuntimeSnapshot = z.infer<typeof RuntimeSnapshot>
