

/** What an address or network is for; `public` is the rest. */
export type AddressKind = 'public' | 'loopback' | 'private' | 'link_local' | 'multicast' | 'documentation' | 'unspecified' | 'reserved'

/** An address, or a network (then `prefix` is below the family's length), in canonical text. */
export interface Address {
  readonly text: string
  readonly family: 4 | 6
  readonly prefix: number
  readonly kind: AddressKind
}
