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
}

/** Something about a file that a person should know. `fatal`: fail2ban refuses the whole configuration because of it. */
export interface ConfigProblem {
  readonly file: string
  readonly line: number | null
  readonly message: string
  readonly fatal: boolean
}

/** One merged configuration (`jail` or `fail2ban`), in the order in which fail2ban reads it. */
export interface ConfigTree {
  /** every file that was read, in reading order; a file included twice is in it twice */
  readonly files: readonly string[]
  readonly defaults: ReadonlyMap<string, ConfigOption>
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
}
