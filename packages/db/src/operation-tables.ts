import type { ActorKind, ChangeState, OperationKind, OperationState } from '@bangui/shared'
import type { Generated } from 'kysely'

/** What somebody did to a host. Its `seq` grows with every operation. */
export interface OperationTable {
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
export interface OperationItemTable {
  id: Generated<number>
  operation: string
  kind: 'requested' | 'banned' | 'unbanned'
  /** how many items the row has */
  count: number
  /** JSON */
  items: string
}

export interface ChangeTable {
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

/** The edits of the configuration that a user has not applied yet on a host. */
export interface ConfigDraftTable {
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
export interface FilterTestTable {
  id: Generated<number>
  host_id: number
  filter: string
  mode: string | null
  line: string
  address: string | null
  created_at: number
}

/** The maintenance pause of a host; `jails`: their names as JSON. */
export interface PauseTable {
  host_id: number
  by_name: string
  reason: string | null
  started_at: number
  ends_at: number
  jails: string
}
