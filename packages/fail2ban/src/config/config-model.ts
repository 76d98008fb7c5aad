/** One setting as a file has it: `raw` before interpolation, and the place. `line` counts from 1; null: built in. */
export interface ConfigOption {
  readonly key: string
  readonly raw: string
  readonly file: string | null
  readonly line: number | null
}

/** One section after all files are merged, later ones over earlier ones. */
export interface ConfigSection {
  readonly name: string
  readonly options: ReadonlyMap<string, ConfigOption>
  /** what `%(known/x)s` means here: the value that a later file replaced last */
  readonly known: ReadonlyMap<string, ConfigOption>
  readonly places: Places
}

/** Every place that sets an option, by key, in the order in which fail2ban reads them: the last one decides. */
export type Places = ReadonlyMap<string, readonly ConfigOption[]>

/**
 * What is wrong with a file or a folder. `syntax`: fail2ban refuses the configuration as a whole. `encoding`: up to 1.1.0 fail2ban passes
 * over the file, 1.1.1 refuses it. `unreadable`: BanGUI may not read it, and fail2ban perhaps may. `bounds`: BanGUI did not read it.
 */
export interface ConfigProblem {
  readonly file: string
  readonly line: number | null
  readonly message: string
  readonly kind: 'syntax' | 'encoding' | 'unreadable' | 'bounds'
}

/** One merged configuration (`jail` or `fail2ban`), in the order in which fail2ban reads it. */
export interface ConfigTree {
  /** every file that was read, in reading order; a file included twice is in it twice */
  readonly files: readonly string[]
  readonly defaults: ReadonlyMap<string, ConfigOption>
  readonly defaultPlaces: Places
  readonly sections: ReadonlyMap<string, ConfigSection>
}

/** fail2ban's configuration as it is in effect. */
export interface Fail2banConfig {
  readonly configDir: string
  readonly jail: ConfigTree
  readonly fail2ban: ConfigTree
  readonly problems: readonly ConfigProblem[]
  /** names of the filters that have a file in `filter.d`; null: the folder cannot be read */
  readonly filters: ReadonlySet<string> | null
  /** the same of `action.d`, with `.py` where an action is a program */
  readonly actions: ReadonlySet<string> | null
}
