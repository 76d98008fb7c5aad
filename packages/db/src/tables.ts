import type { ChangeKind, ChangeState } from '@bangui/shared'
import type { Generated } from 'kysely'

/** The tables as they stand after every migration. Times are epoch milliseconds, booleans 0 or 1, JSON is text. */
export interface Tables {
  migrations: { version: number; name: string; applied_at: number }
  scheduler_lock: SchedulerLockTable
  settings: { key: string; value: string; updated_at: number }
  users: UserTable
  sessions: SessionTable
  known_sign_ins: { user_id: number; kind: string; value: string; last_seen_at: number }
  runtime_state: RuntimeStateTable
  changes: ChangeTable
  change_files: ChangeFileTable
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
  node: string
  online: 0 | 1 | null
  pending_recovery: string | null
  last_activation: string | null
  last_activation_confirmed: 0 | 1
  updated_at: number
}

interface ChangeTable {
  id: string
  node: string
  kind: ChangeKind
  jail_name: string
  created_at: number
  state: ChangeState
  jails_before: string
}

interface ChangeFileTable {
  change_id: string
  /** `before`: as it stood; `written`: as the change leaves it */
  side: 'before' | 'written'
  path: string
  position: number
  /** null: there is no file */
  content: Uint8Array | null
  mode: number | null
  uid: number | null
  gid: number | null
}
