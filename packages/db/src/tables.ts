import type {
  ActorKind,
  ChangeState,
  HostKind,
  ImportRunStatus,
  ListFormat,
  OperationKind,
  OperationState,
} from '@bangui/shared'
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

/** A source of addresses to ban. */
export interface BlocklistTable {
  id: Generated<number>
  host_id: number
  name: string
  /** null: an uploaded file */
  url: string | null
  jail: string
  schedule: string | null
  zone: string
  enabled: 0 | 1
  format: ListFormat
  list_column: number | null
  unban_removed: 0 | 1
  next_at: number | null
  last_tried_at: number | null
  last_changed_at: number | null
  last_error: string | null
  created_at: number
  created_by: string
}

/** A version of a blocklist. */
export interface BlocklistContentTable {
  list_id: number
  kind: 'upload' | 'current' | 'next' | 'held'
  at: number
  file_name: string | null
  etag: string | null
  last_modified: string | null
  /** JSON */
  look: string | null
  entries: number
  invalid: number
  hash: string
  content: Buffer
}

/** An import of a blocklist. */
export interface ImportRunTable {
  id: Generated<number>
  list_id: number
  status: ImportRunStatus
  by_name: string | null
  by_id: number | null
  operation: string | null
  started_at: number
  finished_at: number | null
  content_hash: string | null
  total: Generated<number>
  banned: Generated<number>
  already: Generated<number>
  invalid: Generated<number>
  skipped: Generated<number>
  unbanned: Generated<number>
  /** what its bans took in the daemon, in milliseconds */
  ban_ms: Generated<number>
  message: string | null
}

/** An entry of the allow list. */
interface IgnoreTable {
  id: Generated<number>
  /** null: of every host */
  host_id: number | null
  /** null: of every jail */
  jail: string | null
  /** canonical, or a host name */
  address: string
  note: string | null
  by_name: string
  added_at: number
  /** when it ends; null: it does not */
  expires_at: number | null
  /** who removed it; null: nobody */
  removed_by: string | null
}

/** Where an entry of the allow list stands on a host. */
interface IgnoreStateTable {
  ignore_id: number
  host_id: number
  /** JSON: the sections of the configuration to which BanGUI added it, or is about to */
  sections: string
  /** since when it is written there; null: it is not yet */
  written_at: number | null
  /** JSON: since when each running jail has it, by name */
  holds: string
}

/** The maintenance pause of a host; `jails`: their names as JSON. */
interface PauseTable {
  host_id: number
  by_name: string
  reason: string | null
  started_at: number
  ends_at: number
  jails: string
}

/** The edits of the configuration that a user has not applied yet on a host. */
interface ConfigDraftTable {
  user_id: number
  host_id: number
  /** grows with each time that it is saved */
  revision: number
  /** JSON */
  edits: string
  saved_at: number
  /** since when it has edits; null: it has none, or an older BanGUI saved it */
  begun_at: number | null
}

/** A sample line that a filter must match as `address`, or must not match (null). */
interface FilterTestTable {
  id: Generated<number>
  host_id: number
  filter: string
  mode: string | null
  line: string
  address: string | null
  created_at: number
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

/** What somebody did to a host. Its `seq` grows with every operation. */
interface OperationTable {
  seq: Generated<number>
  id: string
  host_id: number
  kind: OperationKind
  actor_kind: ActorKind
  actor_name: string | null
  /** the id of the user; null: it is none, or not known */
  actor_id: Generated<number | null>
  title: string
  /** JSON: what it was asked to do */
  params: string
  state: OperationState
  done: number
  total: number | null
  /** the operation that this one undoes */
  undoes: string | null
  /** the name of whoever continued it last, after an interruption */
  resumed_by: Generated<string | null>
  /** JSON: the names of the users for whom BanGUI itself does it; null: nobody's */
  asked_by: Generated<string | null>
  started_at: number
  ended_at: number | null
  message: string | null
}

/** A part of what an operation was asked to do, or did; an operation has several rows. */
interface OperationItemTable {
  id: Generated<number>
  operation: string
  kind: 'requested' | 'banned' | 'unbanned'
  /** how many items the row has */
  count: number
  /** JSON */
  items: string
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

interface ChangeTable {
  id: string
  host_id: number
  /** null: nobody knows whose change it was */
  operation_id: string | null
  title: string
  /** what its author noted about it */
  note: string | null
  /** JSON: the paths of its files */
  files: string
  /** what fail2ban said when it was loaded */
  output: string | null
  /** 1: somebody made it without BanGUI */
  outside: Generated<0 | 1>
  /** JSON: ChangeLoad */
  load: string
  /** JSON: ChangeExpect */
  expect: string
  state: ChangeState
  created_at: number
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
