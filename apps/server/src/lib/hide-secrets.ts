import type { Proxies } from './proxy-of.ts'

/** What stands in the place of a secret. */
const HIDDEN = '…'

/** A shorter secret would be found in ordinary words. */
const MIN_LENGTH = 4

/**
 * Returns a text without secrets, in whatever case they are and however they are written: as they are, percent-encoded, as
 * escapes of JSON or HTML, or in Base64. Hide first and shorten afterwards: half a secret is not found.
 */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  const spellings = new Set(secrets.filter(({ length }) => length >= MIN_LENGTH).flatMap(spellingsOf))
  // a short one may be a part of a longer one
  const longestFirst = [...spellings].toSorted((one, other) => other.length - one.length)
  return longestFirst.reduce((shown, one) => shown.replaceAll(patternOf(one), HIDDEN), text)
}

const spellingsOf = (secret: string): string[] => {
  const bytes = Buffer.from(secret)
  const packed = bytes.toString('base64')
  return [secret, packed, packed.replace(/=+$/, ''), bytes.toString('base64url')]
}

const patternOf = (secret: string) => new RegExp(Array.from(secret, waysToWrite).join(''), 'giu')

const entities: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
}

/** Returns a pattern for a character and its escapes. */
function waysToWrite(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const percent = [...Buffer.from(character)].map((byte) => `%(?:25)*${hex(byte, 2)}`).join('')
  const json = character.split('').map((unit) => String.raw`\\u${hex(unit.charCodeAt(0), 4)}`)
  const entity = entities[character]
  const ways = [
    // a backslash before it, as in the JSON of PHP
    String.raw`\\?\u{${code.toString(16)}}`,
    percent,
    json.join(''),
    `&#(?:0*${code}|x0*${code.toString(16)});`,
    ...(entity === undefined ? [] : [`&${entity};`]),
    ...(character === ' ' ? [String.raw`\+`] : []),
  ]
  return `(?:${ways.join('|')})`
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')

/** Returns what may be secret in an address: the password, and tokens in the path and the query. */
export function secretsOfUrl(text: string): string[] {
  if (!URL.canParse(text)) return []
  const { username, password, pathname, searchParams } = new URL(text)
  const queried = [...searchParams].filter(([name, value]) => isSecretName(name) || value.length >= 8)
  return [
    ...userInfoOf(username, password),
    ...pathname
      .split('/')
      .filter(isTokenLike)
      .flatMap((segment) => [segment, ...segment.split(':')]),
    ...queried.map(([, value]) => value),
  ]
}

/** Returns the credentials of proxies. */
export const secretsOfProxies = ({ http, https }: Pick<Proxies, 'http' | 'https'>): string[] =>
  [http, https].flatMap((proxy) => (proxy === null ? [] : secretsOfUrl(proxy)))

function userInfoOf(username: string, password: string): string[] {
  const [name, word] = [decode(username), decode(password)]
  return word === '' ? [name] : [word, `${name}:${word}`]
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // not percent-encoded
  }
}

const isSecretName = (name: string) => /key|token|secret|sig|auth|pass|code/i.test(name)

/** Returns whether a part of a path looks like a token: that of a webhook, an API key, or `bot123456:…` of Telegram. */
export const isTokenLike = (segment: string): boolean => {
  const text = decode(segment)
  if (/:[\w-]{8,}$/.test(text)) return true
  return /^[\w~=+-]{16,}$/.test(text) && /\d/.test(text) && /[A-Za-z]/.test(text)
}

/** Returns an address without what may be secret in it: user name, password, tokens of the path, query and fragment. */
export function redactUrl(text: string): string {
  if (!URL.canParse(text)) return HIDDEN
  const { origin, pathname, search } = new URL(text)
  const path = pathname.split('/').map((segment) => (isTokenLike(segment) ? HIDDEN : segment))
  return `${origin}${path.join('/')}${search === '' ? '' : `?${HIDDEN}`}`
}
