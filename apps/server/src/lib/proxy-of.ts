import { contains, parseAddress } from '@bangui/shared'

/** The proxies of the environment (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, in either case). */
export interface Proxies {
  readonly http: string | null
  readonly https: string | null
  readonly no: string
}

/** Reads the proxies of an environment. */
export function readProxies(env: Readonly<Record<string, string | undefined>>): Proxies {
  const read = (name: string) => env[name] || env[name.toUpperCase()] || undefined
  const valid = (given: string | undefined) => {
    if (given === undefined) return null
    // as curl does: without a scheme it is http, and a percent sign may stand for itself
    const whole = given.includes('://') ? given : `http://${given}`
    const text = whole.replaceAll(/%(?![\dA-Fa-f]{2})/g, '%25')
    return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text : null
  }
  const all = valid(read('all_proxy'))
  return {
    http: valid(read('http_proxy')) ?? all,
    https: valid(read('https_proxy')) ?? all,
    no: read('no_proxy') ?? '',
  }
}

/** Returns the proxy through which an address is fetched; null: none. */
export function proxyOf(url: URL, { http, https, no }: Proxies): string | null {
  const proxy = url.protocol === 'https:' ? https : http
  if (proxy === null) return null
  const entries = no.split(/[\s,]+/).filter((entry) => entry !== '')
  return entries.some((entry) => isExcepted(url, entry.toLowerCase())) ? null : proxy
}

/** `*`, a domain (`example.org`, `.example.org`, `*.example.org`), an address or a network, each with a port or without. */
function isExcepted(url: URL, entry: string): boolean {
  if (entry === '*') return true
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const address = parseAddress(hostname)
  const network = parseAddress(entry.replace(/^\[(.*)\]$/, '$1'))
  if (network) return address !== undefined && contains(network, address)
  const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? []
  if (port !== undefined && Number(port) !== portOf(url)) return false
  const domain = name.replace(/^\*?\./, '').replace(/^\[(.*)\]$/, '$1')
  return domain !== '' && (hostname === domain || hostname.endsWith(`.${domain}`))
}

/** Returns the port that an http or https address means. */
export const portOf = ({ protocol, port }: Pick<URL, 'protocol' | 'port'>): number =>
  port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
