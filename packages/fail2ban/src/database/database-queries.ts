/** `bans`: the bans that fail2ban remembers; `bips`: those that it considers active. */
export type BanTable = 'bans' | 'bips'

export interface PageQuery {
  readonly table: BanTable
  readonly cursor: string | null
  readonly limit: number
  /** epoch milliseconds */
  readonly now: number
}

/** An address in a jail. */
export interface BanPair {
  readonly jail: string
  readonly address: string
}

export interface CountQuery {
  readonly from: number
  readonly to: number
  readonly bucketSeconds: number
}
