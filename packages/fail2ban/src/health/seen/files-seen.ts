import type { FilterTest, FilterTestResult } from '@bangui/shared'

/** A file that a jail reads, or is meant to read, as the daemon sees it. */
export interface LogFileSeen {
  readonly path: string
  readonly kind: 'file' | 'folder' | 'other' | 'missing' | 'unseen'
  readonly size: number
  /** milliseconds since the epoch; 0 where there is none */
  readonly modifiedAt: number
  /** device and number of the file; empty where there is none */
  readonly inode: string
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** when the file was created; 0 where that is not known */
  readonly bornAt: number
  /** when its folder was created; 0 where that is not known */
  readonly folderBornAt: number
}

/** The file into which fail2ban would log after a reload. */
export interface LogTargetSeen {
  readonly path: string
  /** what is in the place of its folder */
  readonly folder: LogFileSeen['kind']
}

/** How a log has grown while BanGUI looked, in milliseconds. */
export interface LogGrowth {
  readonly path: string
  /** the first look */
  readonly since: number
  /** the last look at which it was larger, or another file, than before; null: it never was */
  readonly grownAt: number | null
  /** how often it was */
  readonly times: number
  readonly longestGap: number
  /** when its rotated predecessor was written last (`<path>.1`); null: there is none */
  readonly rotatedWrittenAt: number | null
}

/** A file that a log path of a jail stands for. */
export interface MatchingLog {
  readonly jail: string
  readonly file: LogFileSeen
}

/** The log files that processes of a service have open. */
export interface ServiceLogs {
  readonly process: string
  readonly files: readonly string[]
}

/** What the journal has for a jail. */
export interface JournalMatch {
  readonly jail: string
  /** the alternatives of its match, and whether one of the last 7 days has it */
  readonly alternatives: readonly { readonly match: string; readonly isEmpty: boolean }[]
  /** units of the same service that have entries */
  readonly siblings: readonly string[]
}

/** The journal, as far as jails read it. */
export interface JournalSeen {
  readonly hasEntries: boolean
  readonly jails: readonly JournalMatch[]
}

/** How a sample of a filter does with the filter as it is; null: it was not tested yet. */
export interface FilterTestSeen {
  readonly test: FilterTest
  readonly result: FilterTestResult | null
}

/** Lines of the logs of a jail that look like failures, and what its filter makes of them. */
export interface LogSample {
  readonly jail: string
  readonly candidates: number
  readonly matched: number
  /** of these, the lines that name sshd-session or sshd-auth as their program */
  readonly session: { readonly candidates: number; readonly matched: number }
  readonly examples: readonly string[]
}

/** A file of fail2ban, and who may write it. */
export interface AccessSeen {
  readonly path: string
  readonly kind: 'config' | 'socket' | 'database'
  readonly mode: number
}

/** How BanGUI's settings compare with what fail2ban's configuration says. */
export interface ViewSeen {
  readonly socketPath: string
  /** the socket of the configuration is that of BanGUI */
  readonly isSameSocket: boolean
  /** BanGUI runs as root */
  readonly isRoot: boolean
}
