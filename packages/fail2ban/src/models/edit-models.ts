import type { Edit, LISTS_JAIL, MANUAL_JAIL, RevertChoice } from '@bangui/shared'
import type { IgnoresEdit } from './ignore-models.ts'

/** Times in whole seconds, -1 is permanent. */
export interface JailTuning {
  readonly bantime?: number | undefined
  readonly findtime?: number | undefined
  readonly maxretry?: number | undefined
  /** addresses and networks to ignore from now on */
  readonly addIgnored?: readonly string[] | undefined
  readonly removeIgnored?: readonly string[] | undefined
}

/** Switches a jail on or off. */
export interface SwitchEdit {
  readonly kind: 'switch'
  readonly jail: string
  readonly enabled: boolean
}

/** Writes settings of a jail into its `.local`. */
export interface SettingsEdit {
  readonly kind: 'settings'
  readonly jail: string
  readonly settings: JailTuning
  /**
   * what was changed until the next load and ends with this one: names of settings, and addresses of the ignore list
   * @default nothing
   */
  readonly giveUp?: readonly string[] | undefined
}

/** Sets up a jail that reads no log: `bangui` for manual bans that last longer than a jail's own, or `blocklists`. */
export interface ManualJailEdit {
  readonly kind: 'manual_jail'
  /** @default 'bangui' */
  readonly name?: typeof MANUAL_JAIL | typeof LISTS_JAIL | undefined
}

/** Takes an earlier change back. */
export interface RevertEdit {
  readonly kind: 'revert'
  readonly changeId: string
  /** about options that were changed again since @default such an option stops the revert */
  readonly choices?: readonly RevertChoice[] | undefined
}

export type ConfigEdit = SwitchEdit | SettingsEdit | ManualJailEdit | RevertEdit | IgnoresEdit | Edit
