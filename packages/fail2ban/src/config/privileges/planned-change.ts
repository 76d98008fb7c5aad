import type { Fail2banConfig } from '../config-model.ts'
import type { Draft } from '../draft.ts'

/** Planned files, and the configuration as they leave it. */
export interface PlannedConfig {
  readonly draft: Draft
  readonly config: Fail2banConfig
}

/** A change as its privileges are checked. */
export interface PlannedChange {
  /** the files on disk, with the copies that BanGUI itself makes of what is created: what differs from them is an edit */
  readonly start: PlannedConfig
  readonly end: PlannedConfig
}
