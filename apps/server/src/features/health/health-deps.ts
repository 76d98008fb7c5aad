import type { Archive, HostArchive, HostDb } from '@bangui/db'
import type { Fail2banHost } from '@bangui/fail2ban'
import type { StoredEvent } from '@bangui/shared'
import type { Bus } from '../../lib/event-bus.ts'
import type { Logger } from '../../lib/logger.ts'
import type { StateStore } from '../../state/state-store.ts'
import type { JailList } from '../jails/jail-list.ts'

/** What the checks of one host's protection need. */
export interface HealthDeps {
  readonly host: Fail2banHost
  readonly hostDb: HostDb
  readonly state: StateStore
  readonly jails: JailList
  readonly archive: Archive & HostArchive
  readonly events: Bus<readonly StoredEvent[]>
  readonly log: Logger
  /** UTC epoch milliseconds */
  readonly clock: () => number
}
