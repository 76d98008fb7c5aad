/** A request without its body. */
export interface RequestInfo {
  readonly id: string
  /** the caller's address, through trusted proxies only */
  readonly remoteAddress: string
  /** many people may come from the address: it is a proxy's, or could not be determined */
  readonly sharedAddress: boolean
  /** came over TLS, according to a trusted proxy */
  readonly secure: boolean
  readonly userAgent: string | null
  readonly cookies: Readonly<Record<string, string>>
}
