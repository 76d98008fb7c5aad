/** The daemon as its socket and its process show it. */
export interface DaemonSeen {
  readonly state: 'up' | 'silent' | 'down'
  /** it is down, and its socket is still there */
  readonly staleSocket: boolean
  readonly pid: number | null
  /** null unless it is up */
  readonly version: string | null
  /** the jails that it lists; empty unless it is up */
  readonly jails: readonly string[]
}

/** The process of the daemon. */
export interface ProcessSeen {
  readonly pid: number
  /** the letter of `/proc/<pid>/stat`: `R`, `S`, `D`, `T`, `Z` */
  readonly state: string
  /** milliseconds since the epoch */
  readonly startedAt: number
  /** names of its threads, of at most 15 bytes each */
  readonly threads: readonly string[]
  /** the folders of its PATH; null: BanGUI may not see its environment */
  readonly searchPath: readonly string[] | null
  /** it has the same files as BanGUI; null: not known */
  readonly sameMounts: boolean | null
  /** it has the same network as BanGUI; null: not known */
  readonly sameNetwork: boolean | null
  readonly uid: number
  /** its group and further groups */
  readonly groups: readonly number[]
  /** it may read every file, whatever its permissions */
  readonly readsEverything: boolean
  /** where its open files are; null: BanGUI may not see them */
  readonly openFiles: readonly string[] | null
}

/** Settings that the running daemon has. */
export interface DaemonValues {
  readonly logTarget: string
  readonly logLevel: string
  /** null: it keeps none */
  readonly databaseFile: string | null
  /** seconds; null: it keeps none */
  readonly databasePurgeAge: number | null
}

/** A jail as the daemon has it. Times are seconds, -1 is permanent. */
export interface JailSeen {
  readonly name: string
  readonly totalFailed: number
  readonly totalBanned: number
  readonly currentlyFailed: number
  readonly bantime: number
  readonly findtime: number
  readonly maxretry: number
  readonly usedns: string
  readonly logPaths: readonly string[]
  /** the alternatives of its journal match, each a list of `FIELD=value` */
  readonly journalMatches: readonly (readonly string[])[]
  readonly ignoreIp: readonly string[]
  readonly ignoreCommand: string
  readonly increment: boolean
}

/** What the daemon has of a jail's filter and of its rarer options. */
export interface JailOptions {
  readonly jail: string
  /** the expressions of `failregex`, `ignoreregex` and `prefregex` */
  readonly expressions: ReadonlyMap<string, readonly string[]>
  /** the options that are not as fail2ban has them by itself, with their values as text */
  readonly others: ReadonlyMap<string, string>
}

/** The actions of a jail as the daemon has them, with static tags replaced. */
export interface JailActions {
  readonly jail: string
  readonly actions: readonly ActionSeen[]
}

export interface ActionSeen {
  readonly name: string
  readonly properties: ReadonlyMap<string, string>
}

/** The bans of a jail, as the daemon lists them. */
export interface JailBans {
  readonly jail: string
  readonly addresses: readonly string[]
}
