import { createHash } from 'node:crypto'
import { parseAddress } from '@bangui/shared'

/** Bytes of UTF-8 that a name has at most. */
const MAX_BYTES = 255
/** The rest of a longer name is not read, nor stored from fail2ban's database. */
const MAX_ID = 1000
const HASH_DIGITS = 16

/** Matches most ids: plain IPv4 is its own canonical text, and need not be parsed. */
const plainIpv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/

/** Matches names that can be shown as they are, and are neither quoted nor a folder in the path of a page. */
const visible = /^(?![ "]|\.{1,2}$)(?:[^\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]| )+(?<! )$/u
const hidden = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u
/** The end of a name that was cut. */
const shortened = new RegExp(`…[0-9a-f]{${HASH_DIGITS}}$`, 'u')

/**
 * Returns the name of a ban, wherever in fail2ban it comes from: the canonical text of an address or network. fail2ban
 * accepts anything (`banip`, `<F-ID>`); other texts stay as they are if they can be shown, else they are quoted with
 * escapes. Two other texts that differ in their first thousand characters never have the same name.
 */
export function nameOfBan(text: string): string {
  if (plainIpv4.test(text)) return text
  const id = text.slice(0, MAX_ID)
  return parseAddress(id)?.text ?? shorten(isPlain(id) ? id : quote(id), id)
}

const isPlain = (id: string): boolean => visible.test(id) && !shortened.test(id)

const quote = (id: string): string => `"${id.replaceAll(/./gsu, escape)}"`

function escape(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`
  if (character === ' ' || !hidden.test(character)) return character
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}

function shorten(name: string, id: string): string {
  if (Buffer.byteLength(name) <= MAX_BYTES) return name
  const hash = createHash('sha256').update(id).digest('hex').slice(0, HASH_DIGITS)
  const start = Buffer.from(name).subarray(0, MAX_BYTES - HASH_DIGITS - 3)
  return `${start.toString().replace(/\uFFFD+$/, '')}…${hash}`
}
