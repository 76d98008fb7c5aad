interface Base {
  /** epoch milliseconds, when fail2ban wrote it */
  readonly at: number
}

interface About extends Base {
  readonly jail: string
  /** canonical text of an address or network; anything else as in fail2ban, bounded and cleaned */
  readonly address: string
}

/** What fail2ban's log contains, in the order of its lines. Parsed and bounded: no control characters, no giants. */
export type HostEvent =
  | (About & { readonly type: 'ban'; readonly restored: boolean })
  /** a ban that really ended, not one that a stopping jail or daemon logs */
  | (About & { readonly type: 'unban' })
  /** an unban that is logged because the jail stops: the ban is suspended, and ends unless it is restored */
  | (About & {
      readonly type: 'suspended'
      /** the whole daemon stops, not the jail alone @default false */
      readonly daemonStops?: boolean
    })
  /** a ban of an address that is banned already, which may have made the ban longer */
  | (About & { readonly type: 'repeated' })
  | (About & {
      readonly type: 'extend'
      readonly times: number
      /** seconds, rounded by fail2ban from an hour on; -1 is permanent */
      readonly duration: number
      /** the exact end; null: none, or unknown */
      readonly until: number | null
    })
  | (About & { readonly type: 'failure'; readonly failedAt: number })
  | (About & { readonly type: 'ignored'; readonly by: string })
  | (Base & {
      readonly type: 'action_failed'
      readonly jail: string
      readonly action: string
      readonly verb: string
      readonly address: string | null
    })
  | (Base & {
      readonly type: 'jail'
      readonly jail: string
      readonly change: 'started' | 'stopped' | 'reloaded'
    })
  /** the bantime of a jail was set; the log does not name the jail */
  | (Base & { readonly type: 'bantime' })
  /** the daemon begins a clean stop */
  | (Base & { readonly type: 'shutdown' })
  | (Base & {
      readonly type: 'daemon'
      readonly online: boolean
      readonly version: string | null
      /** of the process that wrote it; null: unknown */
      readonly pid: number | null
    })

/** A ban as fail2ban itself stores it. */
export interface DaemonBan {
  readonly jail: string
  readonly address: string
  /** `timeofban`: the time of the last failure, epoch milliseconds (whole seconds) */
  readonly bannedAt: number
  /** seconds, -1 is permanent */
  readonly duration: number
  /** how often, this ban included; null: unknown */
  readonly times: number | null
  /** failures that caused it; null: unknown */
  readonly attempts: number | null
  /** at most 10 lines, 2 KB in all */
  readonly lines: readonly string[]
}
