export type PageListener = {
  onHidden: () => void
  onVisible: () => void
  /** the browser reports that the device is online again */
  onOnline: () => void
}

/** Calls the listener when the page is hidden, visible again or online again. Returns a function that stops that. */
export type PageState = (listener: PageListener) => () => void

/** Follows the page of this document; a page that is hidden at the start is reported at once. */
export const watchPage: PageState = (listener) => {
  const stop = new AbortController()
  const look = () => (document.visibilityState === 'hidden' ? listener.onHidden() : listener.onVisible())
  document.addEventListener('visibilitychange', look, { signal: stop.signal })
  addEventListener('online', () => listener.onOnline(), { signal: stop.signal })
  // a page from the back-forward cache has lost its stream
  addEventListener('pageshow', (event) => event.persisted && listener.onVisible(), { signal: stop.signal })
  if (document.visibilityState === 'hidden') listener.onHidden()
  return () => stop.abort()
}
