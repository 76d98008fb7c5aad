import type { Archive, BansComparisonStore, HostArchive, HostDb } from '@bangui/db'
import type { Fail2banHost } from '@bangui/fail2ban'
import type { HostKind, StoredEvent } from '@bangui/shared'
import type { OutsideChanges } from '../features/config/outside-changes.ts'
import type { Health } from '../features/health/health.ts'
import type { IgnoreKeeper } from '../features/ignores/ignore-kept.ts'
import type { Bantimes } from '../features/jails/bantimes.ts'
import type { JailList } from '../features/jails/jail-list.ts'
import type { StopActors } from '../features/jails/stop-actors.ts'
import type { Pauses } from '../features/pause/pause.ts'
import type { ChangeRecords } from '../features/recovery/change-records.ts'
import type { Confirmations } from '../features/recovery/confirmations.ts'
import type { Monitor } from '../features/server/monitor.ts'
import type { Bus } from '../lib/event-bus.ts'
import type { StateStore } from '../state/state-store.ts'

/** Everything that the server keeps for one host. */
export interface HostContext {
  /** its id in the database */
  readonly id: number
  /** its public name */
  readonly key: string
  /** its name for people */
  readonly name: string
  readonly kind: HostKind
  readonly host: Fail2banHost
  readonly state: StateStore
  readonly jails: JailList
  readonly bantimes: Bantimes
  readonly stopActors: StopActors
  readonly monitor: Monitor
  /** the history of this host; with what the archive does for all hosts */
  readonly archive: Archive & HostArchive
  /** the rows of this host in the database */
  readonly hostDb: HostDb
  /** how far the bans were compared with the daemon's */
  readonly comparison: BansComparisonStore
  /** the changes of its configuration */
  readonly changes: ChangeRecords
  /** what others do to its configuration */
  readonly outsideChanges: OutsideChanges
  /** the change that waits to be confirmed */
  readonly confirmations: Confirmations
  /** the time of maintenance in which its jails are idle */
  readonly pauses: Pauses
  /** what is never banned */
  readonly ignores: IgnoreKeeper
  /** the checks of its protection */
  readonly health: Health
  /** what was stored about this host, right after it was */
  readonly events: Bus<readonly StoredEvent[]>
  /** Compares the active bans with the daemon and its database now; calls meanwhile share the run. */
  readonly reconcile: () => Promise<void>
  /** Imports new records of fail2ban's own database now; calls meanwhile share the run. */
  readonly importNew: () => Promise<unknown>
  /** The bans of a jail may have changed without a line in fail2ban's log: its list is read soon. */
  readonly checkBans: (jail: string) => void
}
