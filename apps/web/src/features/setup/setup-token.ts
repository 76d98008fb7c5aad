/**
 * Takes the setup token out of the address: from then on it stands neither in the address bar nor in the history.
 * Undefined when there is none.
 */
export function takeSetupToken(): string | undefined {
  const token = location.hash.slice(1)
  if (token === '') return undefined
  history.replaceState(history.state, '', location.pathname + location.search)
  try {
    return decodeURIComponent(token)
  } catch {
    // a stray % in what was typed
    return token
  }
}
