import type { ImportRunStatus, ListFormat } from '@bangui/shared'
import type { Generated } from 'kysely'

/** A blocklist of addresses to ban. */
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
export interface IgnoreTable {
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
export interface IgnoreStateTable {
  ignore_id: number
  host_id: number
  /** JSON: the sections of the configuration to which BanGUI added it, or is about to */
  sections: string
  /** since when it is written there; null: it is not yet */
  written_at: number | null
  /** JSON: since when each running jail has it, by name */
  holds: string
}
