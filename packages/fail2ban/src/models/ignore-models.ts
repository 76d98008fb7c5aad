export interface JailIgnoreList {
  /** addresses, networks and host names */
  readonly entries: readonly string[]
  readonly files: readonly IgnoredFile[]
}

/** A file whose addresses a jail ignores (`file:` in `ignoreip`). */
export interface IgnoredFile {
  readonly path: string
  /** canonical */
  readonly addresses: readonly string[]
  /** words that are no address and no network, such as host names */
  readonly others: number
  /** why the content is not known, as a sentence; null: it is known */
  readonly problem: string | null
}

/** An entry that ignore lists of the configuration should have. */
export interface AddedIgnore {
  /** canonical: an address, a network or a host name */
  readonly entry: string
  /** null: every jail, on or off */
  readonly jail: string | null
}

/** An entry that sections of the configuration should no longer have. */
export interface RemovedIgnore {
  readonly entry: string
  /** `DEFAULT` and names of jails: other sections keep it */
  readonly sections: readonly string[]
}

/** Changes ignore lists of the configuration. Nothing is loaded: running jails get their entries by `ignores.set`. */
export interface IgnoresEdit {
  readonly kind: 'ignores'
  readonly add: readonly AddedIgnore[]
  readonly remove: readonly RemovedIgnore[]
}

/** The ignore list of a running jail as the daemon has it. */
export interface RunningIgnores {
  readonly jail: string
  /** addresses, networks and host names */
  readonly entries: readonly string[]
  /** paths of files with more addresses (`file:`, fail2ban 1.1.1) */
  readonly files: readonly string[]
  /** the jail never bans the addresses of its own machine */
  readonly self: boolean
  /** it asks a command (`ignorecommand`), which BanGUI does not run */
  readonly hasCommand: boolean
}

/** An entry of an ignore list in the configuration, with its place; a reference (`%(name)s`) is filled in. */
export interface ConfiguredIgnore {
  /** canonical where it is an address or a network */
  readonly entry: string
  readonly file: string | null
  /** counts from 1 */
  readonly line: number | null
}

/**
 * A list of `DEFAULT` in a file of the distribution, and BanGUI's copy of it, which has more entries and decides: fail2ban knows no
 * reference there that follows the first one.
 */
export interface CopiedIgnores {
  readonly from: string
  readonly into: string
  /** what the first list has and the copy has not: it was added later, and has no effect */
  readonly missing: readonly string[]
}

/** The ignore lists of the configuration. */
export interface ConfiguredIgnores {
  /** the list of `DEFAULT` is BanGUI's own copy of one in a file that it may not write; null: it is not */
  readonly copy: CopiedIgnores | null
  /** `DEFAULT` first, then every jail that sets a list of its own, on or off */
  readonly sections: readonly { readonly section: string; readonly entries: readonly ConfiguredIgnore[] }[]
  /** every configured jail, with whether it never bans the addresses of its own machine */
  readonly jails: readonly { readonly jail: string; readonly self: boolean }[]
}

/** What a running jail should ignore from now on, and no longer, until its next load. */
export interface SetIgnores {
  readonly jail: string
  /** canonical addresses, networks and host names */
  readonly add: readonly string[]
  readonly remove: readonly string[]
}

/** Why a running jail did not get what it should ignore. */
export interface UnsetIgnores {
  readonly jail: string
  /** a sentence for people */
  readonly problem: string
}

/** A host name, and the addresses that it has now. */
export interface ResolvedName {
  readonly name: string
  /** canonical; empty: it does not resolve */
  readonly addresses: readonly string[]
}
