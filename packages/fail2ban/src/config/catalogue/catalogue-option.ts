/** Where an option stands: a jail or `[DEFAULT]`, a filter, an action, or fail2ban's own settings (`fail2ban.conf`). */
export type OptionScope = 'jail' | 'filter' | 'action' | 'fail2ban'

/** What the value is. `seconds`: a number of seconds, or a duration such as `1h 30m`. */
export type OptionType =
  | 'switch'
  | 'whole number'
  | 'number'
  | 'seconds'
  | 'choice'
  | 'text'
  | 'list'
  | 'paths'
  | 'regexes'
  | 'command'
  | 'references'

/** What has to happen before fail2ban uses a changed value. `nothing`: the running daemon takes it by a command. */
export type OptionNeeds = 'nothing' | 'reload' | 'jail restart' | 'daemon restart'

/**
 * Who may change it. `safe` and `guarded` (only values of its grammar) with `BANGUI_CONFIG_WRITE=jails`; `all`, since it runs
 * commands or writes files as root, with `all` only; `never`: not through BanGUI.
 */
export type OptionPrivilege = 'safe' | 'guarded' | 'all' | 'never'

/** What a value of an option may look like where only plain values are allowed: nothing that matches can run a command. */
export interface Grammar {
  /** for people, after "must be" */
  readonly says: string
  /** a regular expression that matches the same values; absent: none does */
  readonly pattern?: string
  readonly accepts: (value: string) => boolean
}

/** One option that fail2ban reads. */
export interface CatalogueOption {
  readonly key: string
  readonly type: OptionType
  /** what a number counts */
  readonly unit?: string
  /** the possible values of a choice */
  readonly choices?: readonly string[]
  /** fail2ban's own default where no file sets it; absent: none */
  readonly default?: string
  /** the version of fail2ban that has it first; absent: every version that BanGUI works with */
  readonly since?: string
  /** one sentence for people */
  readonly meaning: string
  readonly needs: OptionNeeds
  readonly privilege: OptionPrivilege
  /** the plain values of a `safe` or `guarded` option; absent: those of its type */
  readonly grammar?: Grammar
  /** no option of fail2ban: a variable that the actions of its `jail.conf` use */
  readonly isVariable?: true
}
