/** The path that BanGUI is served under, without a slash at the end: "" or "/bangui". The server writes it into <base>. */
export const basePath = (): string => new URL(document.baseURI).pathname.replace(/\/[^/]*$/, '')

/** A full path as a path from the base, which is what the router's links and navigate() take. */
export function fromBase(path: string): string {
  const base = basePath()
  const inside = base !== '' && (path === base || path.startsWith(`${base}/`))
  // two slashes would begin the address of another site, which the router does not take
  return (inside ? path.slice(base.length) : path).replace(/^\/{2,}/, '/') || '/'
}

/** Where to go after signing in: a path of this site, or the overview for anything else. */
export function safeNext(next: unknown): string {
  if (typeof next !== 'string' || !next.startsWith('/')) return '/'
  try {
    const url = new URL(next, location.origin)
    return url.origin === location.origin ? url.pathname + url.search + url.hash : '/'
  } catch {
    // no address at all
    return '/'
  }
}
