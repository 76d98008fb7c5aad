/** A request without its body. */
export interface RequestInfo {
  readonly id: string
  /** the caller's address, through trusted proxies only */
  readonly remoteAddress: string
  /** many people may come from the address: it is a proxy's, or could not be determined */
  readonly sharedAddress: boolean
  /** the generation of the connection that it came over, see `Connections` */
  readonly generation: number
  /** a proxy sent it on: nothing is known about the connection between caller and proxy */
  readonly throughProxy: boolean
  /** came over TLS, according to a trusted proxy */
  readonly secure: boolean
  readonly userAgent: string | null
  readonly cookies: Readonly<Record<string, string>>
}
