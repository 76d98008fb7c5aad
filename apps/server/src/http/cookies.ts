import type { Config } from '../config.ts'

/** The cookies of a request. The first of two with one name counts: browsers send the most specific path first. */
export function parseCookies(header: string | null): Record<string, string> {
  const cookies: Record<string, string> = Object.create(null) as Record<string, string>
  for (const pair of header?.split(';') ?? []) {
    const part = pair.trim()
    const at = part.indexOf('=')
    const name = part.slice(0, at).trim()
    if (at > 0 && !(name in cookies)) cookies[name] = part.slice(at + 1).trim()
  }
  return cookies
}

type CookieConfig = Pick<Config, 'publicUrl' | 'basePath'>

/** The name under which a cookie of ours is kept; `__Host-` where people come over TLS (RFC 6265bis 4.1.3.2). */
export const cookieName = (config: CookieConfig, name: string): string =>
  config.publicUrl?.startsWith('https:') ? `__Host-${name}` : name

export interface CookieOptions {
  readonly value: string
  readonly maxAgeSeconds: number
  /** the request came over TLS */
  readonly secure: boolean
}

/** A `Set-Cookie` header's value; no script reads it and no other site makes a browser send it. */
export function serializeCookie(config: CookieConfig, name: string, options: CookieOptions): string {
  const isHost = config.publicUrl?.startsWith('https:') ?? false
  const path = isHost ? '/' : config.basePath.replace(/(?<=.)\/$/, '')
  const secure = isHost || options.secure ? '; Secure' : ''
  const pair = `${cookieName(config, name)}=${options.value}`
  return `${pair}; Path=${path}; Max-Age=${options.maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`
}
