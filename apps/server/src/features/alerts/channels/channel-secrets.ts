import { secretFields, type ChannelSettings } from '@bangui/shared'
import { isTokenLike, secretsOfUrl } from '../../../lib/hide-secrets.ts'

/** A shorter part of a secret, such as `services` in an address, may be an ordinary word. */
const MIN_PART_LENGTH = 8

/** Returns what no answer about a channel may show: its secrets, their parts, and what is secret in its address. */
export function secretsOfChannel({ kind, config }: ChannelSettings): string[] {
  const values = Object.entries(config).flatMap(([field, value]) =>
    secretFields[kind].includes(field) && typeof value === 'string' ? [value, ...partsOf(value)] : [],
  )
  const url = 'url' in config ? secretsOfUrl(config.url) : []
  return [...values, ...url, ...(kind === 'email' ? signInOf(config) : [])]
}

/** Returns what an error could name without the rest: the path of an address, the token after `Bearer`, that of a bot. */
function partsOf(value: string): string[] {
  if (!URL.canParse(value)) return value.split(/[\s:]+/).filter(({ length }) => length >= MIN_PART_LENGTH)
  const { pathname, search } = new URL(value)
  return [pathname + search, pathname, ...pathname.split('/').filter(isTokenLike)]
}

/** As AUTH PLAIN sends it, in Base64. */
const signInOf = ({ username, password }: { username: string | null; password: string | null }) =>
  password === null ? [] : [`\0${username ?? ''}\0${password}`]
