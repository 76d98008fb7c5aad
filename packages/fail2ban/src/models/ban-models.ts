import type { DaemonBan } from '@bangui/shared'

export interface DaemonBanPage {
  readonly rows: readonly DaemonBan[]
  /** for the next page; stays valid, so that rows which come later are found with it */
  readonly cursor: string
  readonly done: boolean
  /** rows in all; null: not counted */
  readonly total: number | null
}

export interface LiveBansQuery {
  readonly from: number | null
  readonly to: number | null
  readonly jail: string | null
  /** canonical text of an address or network */
  readonly address: string | null
  /** also the bans of networks that hold `address` @default false */
  readonly withHolders?: boolean
  readonly cursor: string | null
  readonly limit: number
}

export interface JailBan {
  readonly address: string
  readonly bannedAt: number
  /** seconds, -1 is permanent */
  readonly duration: number
  readonly until: number | null
}

export interface ReadingOptions {
  readonly signal?: AbortSignal | undefined
}

export interface BatchOptions {
  readonly signal?: AbortSignal | undefined
}

/** How far a list of addresses is: before a batch is sent, and after it is done. */
export interface BatchStep {
  /** addresses that are sent or done */
  readonly sent: number
  readonly done: number
}

/** How a batch is banned. */
export interface BanOptions {
  /**
   * The caller knows that none of the addresses is banned. fail2ban need not look: it compares each of them with each ban of the jail,
   * which takes two seconds for 50 addresses and 20,000 bans (getBanned in fail2ban/server/actions.py) [measured] @default false
   */
  readonly areNew?: boolean
}

/** How a batch of bans ended. */
export interface BannedBatch {
  /** of each address, whether it was banned before; false where it was not looked up */
  readonly before: readonly boolean[]
  /** how many were banned now */
  readonly banned: number
  /** how long the daemon took for the bans, in milliseconds, without what it did before and what any command takes */
  readonly tookMs: number
}

/** How an unban of a list ended. */
export interface BatchUnbanned {
  readonly unbanned: number
  readonly absent: number
  readonly done: number
}

export interface UnbanOptions extends BatchOptions {
  /** a network ends its own ban alone, where it has one */
  readonly exactly?: boolean | undefined
}
