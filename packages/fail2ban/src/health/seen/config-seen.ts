import type { CopiedIgnores } from '../../models/ignore-models.ts'
/** A place in a file of the configuration; `line` counts from 1. */
export interface Place {
  readonly file: string | null
  readonly line: number | null
}

/** A jail that the files switch on. */
export interface WantedJail {
  readonly name: string
  /** a sentence that says why fail2ban does not load it; null: BanGUI sees no reason */
  readonly fault: string | null
  /** fail2ban leaves it out because it has no log and `skip_if_nologs` is set */
  readonly waitsForLog: boolean
  /** fail2ban-client would start it; null: fail2ban-client could not be asked */
  readonly loads: boolean | null
  readonly backend: string | null
  readonly filter: string | null
  /** log paths as written, with `*` */
  readonly logPatterns: readonly string[]
  /** where its log path is set */
  readonly logPlace: Place
}

/** Something to report about a name, a file or a line of the configuration. */
export interface ConfigRemark extends Place {
  readonly jail: string | null
  readonly message: string
}

/** An option that several files set, the one that decides last. */
export interface LayeredOption {
  readonly section: string
  readonly key: string
  readonly places: readonly (Place & { readonly raw: string })[]
}

/** What the files say about fail2ban itself. */
export interface OwnSettings {
  readonly dbfile: string
  readonly logtarget: string
  readonly loglevel: string
  readonly socket: string
  readonly pidfile: string
}

/** fail2ban's configuration, as far as checks need it. */
export interface ConfigSeen {
  readonly configDir: string
  readonly jails: readonly WantedJail[]
  readonly own: OwnSettings
  /** values of fail2ban's own settings that the daemon refuses: no jail runs after a reload */
  readonly refusedSettings: readonly string[]
  /** the jails because of which fail2ban does not start, since they have no log */
  readonly jailsWithoutLog: readonly string[]
  /** names that look misspelt */
  readonly hints: readonly ConfigRemark[]
  /** why fail2ban would not start with the files; null: BanGUI knows no reason */
  readonly refusal: ConfigRemark | null
  /** where a file has a section or an option twice */
  readonly duplicates: readonly ConfigRemark[]
  /** how much of jail.local repeats jail.conf */
  readonly copied: CopiedSections
  /** where `[DEFAULT]` switches on every jail; null: it does not */
  readonly enabledInDefault: Place | null
  readonly layered: readonly LayeredOption[]
  /** the ignore list of `[DEFAULT]`, where BanGUI has copied it */
  readonly copiedIgnores: CopiedIgnores | null
  /** what fail2ban-client would send to the daemon; null: it could not be asked */
  readonly stream: StreamSeen | null
}

/** What fail2ban-client would send to the daemon. */
export interface StreamSeen {
  readonly allowIpv6: string | null
  readonly jails: readonly StreamJail[]
}

export interface StreamJail {
  readonly name: string
  readonly starts: boolean
  /** plain options by key: `maxretry`, `bantime`, … */
  readonly values: ReadonlyMap<string, string>
  readonly ignoreIp: readonly string[]
  readonly logPaths: readonly string[]
  readonly failRegex: readonly string[]
  readonly ignoreRegex: readonly string[]
  readonly actions: readonly { readonly name: string; readonly properties: ReadonlyMap<string, string> }[]
}

/** A file in a folder of the configuration that fail2ban does not read. */
export interface UnreadFile {
  readonly file: string
  readonly why: string
}

/** The sections of jail.local, its options, and those of them that are as in jail.conf. */
export interface CopiedSections {
  readonly sections: number
  readonly options: number
  readonly same: number
}
