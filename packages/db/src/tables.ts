import type { HostKind } from '@bangui/shared'
import type { Generated } from 'kysely'
import type { AlertTables } from './alert-tables.ts'
import type {
  AddressTable,
  BanTable,
  CountryRollUpTable,
  EventTable,
  JailRollUpTable,
  PendingActionTable,
  RememberedJailTable,
  TimerTable,
} from './archive-tables.ts'
import type {
  BlocklistTable,
  BlocklistContentTable,
  ImportRunTable,
  IgnoreTable,
  IgnoreStateTable,
} from './list-tables.ts'
import type {
  OperationTable,
  OperationItemTable,
  ChangeTable,
  ConfigDraftTable,
  FilterTestTable,
  PauseTable,
} from './operation-tables.ts'

/** The tables as they stand after every migration. Times are epoch milliseconds, booleans 0 or 1, JSON is text. */
export interface Tables extends AlertTables {
  migrations: { version: number; name: string; applied_at: number }
  scheduler_lock: SchedulerLockTable
  settings: { key: string; value: string; updated_at: number }
  users: UserTable
  hosts: HostTable
  sessions: SessionTable
  known_sign_ins: { user_id: number; kind: string; value: string; last_seen_at: number }
  runtime_state: RuntimeStateTable
  changes: ChangeTable
  config_drafts: ConfigDraftTable
  archive_jails: { id: Generated<number>; host_id: number; name: string; reads_own_log: Generated<0 | 1> }
  bans: BanTable
  jail_hours: JailRollUpTable
  jail_days: JailRollUpTable
  country_hours: CountryRollUpTable
  country_days: CountryRollUpTable
  addresses: AddressTable
  ban_lines: { ban_id: number; position: number; at: number; line: string }
  events: EventTable
  cursors: { host_id: number; name: string; value: string; updated_at: number }
  lost_bans: { id: Generated<number>; host_id: number; jail: string; address: string; lost_at: number }
  idle_jails: RememberedJailTable
  stopped_jails: RememberedJailTable
  pending_actions: PendingActionTable
  timers: TimerTable
  operations: OperationTable
  operation_items: OperationItemTable
  state_days: StateDayTable
  findings: FindingTable
  accepted_findings: AcceptedFindingTable
  geo_cache: GeoCacheTable
  filter_tests: FilterTestTable
  pauses: PauseTable
  blocklists: BlocklistTable
  blocklist_contents: BlocklistContentTable
  import_runs: ImportRunTable
  ignores: IgnoreTable
  ignore_states: IgnoreStateTable
}

/** A machine with fail2ban; this one has the id LOCAL_HOST_ID. */
interface HostTable {
  id: Generated<number>
  /** its public id */
  key: string
  name: string
  kind: HostKind
  created_at: number
}

/** How long fail2ban, or a jail, was up on a day. */
interface StateDayTable {
  host_id: number
  /** empty: fail2ban itself */
  jail: string
  /** the beginning of the UTC day */
  day: number
  up_seconds: number
  /** not running, though it should */
  down_seconds: number
  idle_seconds: number
  /** how often its state was another than a minute before, or fail2ban was a new process */
  changes: number
}

interface GeoCacheTable {
  address: string
  country: string | null
  asn: number | null
  organisation: string | null
  looked_up_at: number
  last_seen: number
}

interface SchedulerLockTable {
  id: number
  pid: number
  hostname: string
  created_at: number
  heartbeat_at: number
  owner_token: string
}

interface UserTable {
  id: Generated<number>
  name: string
  /** the name as it is compared: normalised, lower case */
  name_key: string
  password_hash: string
  role: string
  created_at: number
  password_changed_at: number
}

interface SessionTable {
  id: Generated<number>
  /** SHA-256 of the token, 32 bytes; the token itself is stored nowhere */
  token_hash: Uint8Array
  user_id: number
  created_at: number
  last_seen_at: number
  expires_at: number
  remote_address: string | null
  user_agent: string | null
}

interface RuntimeStateTable {
  host_id: number
  online: 0 | 1 | null
  pending_recovery: string | null
  last_activation: string | null
  last_activation_confirmed: 0 | 1
  /** the daemon instance that the bans were last compared with */
  compared_daemon: string | null
  /** the seq of the newest event when a comparison began that has not ended */
  comparison_begun: number | null
  updated_at: number
}

/** A finding of the protection's checks: one span in which a problem was there. */
interface FindingTable {
  id: Generated<number>
  host_id: number
  /** the stable id of the finding: the same problem has the same one */
  finding: string
  check_id: string
  severity: 'critical' | 'warning' | 'hint'
  jail: string | null
  /** JSON: what people read about it, as it was last seen */
  content: string
  /** when it was first seen */
  since: number
  last_seen: number
  /** when it was no longer seen; null: it is there */
  until: number | null
}

/** A finding that somebody accepted, with the reason. */
interface AcceptedFindingTable {
  host_id: number
  finding: string
  accepted_by: string
  reason: string
  accepted_at: number
  /** null: for good */
  until: number | null
}
