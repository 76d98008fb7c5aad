import { createContext, useContext } from 'solid-js'

/** The key of the host that the page is about; undefined: the default one, which no link names. */
export const PageHostContext = createContext<string>()

/** Returns the key of the host that the page is about; undefined: the default one. */
export const usePageHost = (): string | undefined => useContext(PageHostContext)

/** Returns a function that makes a link to a page of BanGUI stay with the host of this page. */
export function usePageHref(): (href: string) => string {
  const host = usePageHost()
  return (href) => withHost(href, host)
}

/** Returns a link to a page with `host`; a link that names one stays as it is. */
export function withHost(href: string, host: string | undefined): string {
  if (host === undefined || /[?&]host=/.test(href)) return href
  const [path = '', hash] = href.split('#', 2)
  const named = `${path}${path.includes('?') ? '&' : '?'}host=${encodeURIComponent(host)}`
  return hash === undefined ? named : `${named}#${hash}`
}
