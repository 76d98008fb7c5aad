/** Returns the path that BanGUI is served under, without a slash at the end: "" or "/bangui". The server writes it into <base>. */
export const basePath = (): string => new URL(document.baseURI).pathname.replace(/\/[^/]*$/, '')

/** Returns a full path relative to the base, as the router's links and navigate() need it. */
export function fromBase(path: string): string {
  const base = basePath()
  const inside = base !== '' && (path === base || path.startsWith(`${base}/`))
  // two slashes would begin the address of another site, which the router does not accept
  return (inside ? path.slice(base.length) : path).replace(/^\/{2,}/, '/') || '/'
}

/** Returns where to go after signing in: a path of this site, or the overview for anything else. */
export function safeNext(next: unknown): string {
  if (typeof next !== 'string' || !next.startsWith('/')) return '/'
  try {
    const url = new URL(next, location.origin)
    return url.origin === location.origin ? url.pathname + url.search + url.hash : '/'
  } catch {
    // not a valid URL
    return '/'
  }
}
