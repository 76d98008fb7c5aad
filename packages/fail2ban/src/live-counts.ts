import type { PackedAddresses } from './packed-addresses.ts'

/** The counts of a span from fail2ban's own database. */
export interface LiveSums {
  readonly bans: number
  readonly addresses: number
  /** addresses that were never banned before, as far as fail2ban remembers */
  readonly newAddresses: number
}

export interface LiveCounts extends LiveSums {
  /** of the previous span of the same length; null: there is none */
  readonly previous: LiveSums | null
  /** `start` is the beginning of a bucket, epoch milliseconds; longer ones than asked for where they would be too many */
  readonly buckets: readonly { readonly jail: string; readonly start: number; readonly bans: number }[]
  /** in which bucket new addresses were first banned */
  readonly firsts: readonly { readonly start: number; readonly count: number }[]
  /** most bans first, at most 500 */
  readonly topAddresses: readonly {
    readonly address: string
    readonly bans: number
    readonly jails: number
    readonly firstAt: number
    readonly lastAt: number
  }[]
  /** each /24 or /48, most bans first, at most 500 */
  readonly topNetworks: readonly {
    readonly network: string
    readonly bans: number
    readonly addresses: number
  }[]
  /** all addresses: see {@link unpackAddresses} */
  readonly packed: PackedAddresses
}
