/**
 * Removes the setup token from the URL: it is then neither in the address bar nor in the browser's history. Returns
 * undefined if there is none.
 */
export function takeSetupToken(): string | undefined {
  const token = location.hash.slice(1)
  if (token === '') return undefined
  history.replaceState(history.state, '', location.pathname + location.search)
  try {
    return decodeURIComponent(token)
  } catch {
    // a stray % in the URL
    return token
  }
}
