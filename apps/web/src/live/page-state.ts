export type PageListener = {
  onHidden: () => void
  onVisible: () => void
  /** the browser says that there is a network again */
  onOnline: () => void
}

/** Tells when the page is hidden, seen again, or has a network again; gives what ends that. */
export type PageState = (listener: PageListener) => () => void

/** The page of this document; says at once when it is hidden already. */
export const watchPage: PageState = (listener) => {
  const stop = new AbortController()
  const look = () => (document.visibilityState === 'hidden' ? listener.onHidden() : listener.onVisible())
  document.addEventListener('visibilitychange', look, { signal: stop.signal })
  addEventListener('online', () => listener.onOnline(), { signal: stop.signal })
  // a page that comes back from the back-forward cache has lost its stream
  addEventListener('pageshow', (event) => event.persisted && listener.onVisible(), { signal: stop.signal })
  if (document.visibilityState === 'hidden') listener.onHidden()
  return () => stop.abort()
}
