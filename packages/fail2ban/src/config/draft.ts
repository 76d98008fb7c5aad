import type { ConfigWrite } from '../models/change-models.ts'
import type { Fail2banConfig } from './config-model.ts'

/** A file that a change would write: `path` is absolute in the live folder, `before` null where there is no file yet. */
export interface PlannedFile {
  readonly path: string
  readonly before: Uint8Array | null
  /** null: the change removes it */
  readonly after: string | null
  /** why the files that set an option so far cannot get the new value, as sentences */
  readonly skippedFiles?: readonly string[]
}

/** A change that is being planned, edit by edit. */
export interface Draft {
  /** the configuration as the files that are planned so far leave it, read from the live folder or from a copy of it */
  readonly config: Fail2banConfig
  /** the configuration as it was before anything was planned */
  readonly start: Fail2banConfig
  /** the folder that the change is for */
  readonly live: string
  /** what is planned so far, by path in the live folder */
  readonly files: ReadonlyMap<string, PlannedFile>
  readonly configWrite: ConfigWrite
  /** the folders under which a new `logpath` may lie while `configWrite` is `jails` */
  readonly logDirs: readonly string[]
}

/** Returns the draft of a change for which nothing is planned yet. */
export const emptyDraft = (
  config: Fail2banConfig,
  configWrite: ConfigWrite,
  logDirs: readonly string[] = [],
): Draft => ({
  config,
  start: config,
  live: config.configDir,
  files: new Map(),
  configWrite,
  logDirs,
})
