/** The headers that show where a request comes from. */
export interface RequestSource {
  readonly origin: string | null
  readonly host: string
  readonly fetchSite: string | null
}

/**
 * Returns whether an `Origin` is BanGUI's: the public address, or the host of the request (which was checked before). TLS may
 * end at a proxy, so the scheme only counts if the public address contains it.
 */
export function isOwnOrigin({ origin, host }: RequestSource, publicUrl: string | null): boolean {
  if (!origin || !/^https?:\/\//.test(origin) || !URL.canParse(origin)) return false
  const given = new URL(origin)
  if (given.origin !== origin) return false
  if (publicUrl !== null) {
    const own = new URL(publicUrl)
    if (given.origin === own.origin) return true
    if (given.hostname === own.hostname && own.protocol === 'https:') return false
  }
  const addressed = `${given.protocol}//${host}`
  return URL.canParse(addressed) && new URL(addressed).origin === given.origin
}

/** Returns whether a reading request may be answered: if the browser sends an origin, it must be BanGUI's. */
export function mayRead(source: RequestSource, publicUrl: string | null): boolean {
  if (source.origin !== null && !isOwnOrigin(source, publicUrl)) return false
  return source.fetchSite === null || source.fetchSite === 'same-origin'
}
