/** Bytes of ASCII that lists are made of. */
export const TAB = 9
export const LINE_FEED = 10
export const RETURN = 13
export const SPACE = 32
export const QUOTE = 34
export const HASH = 35
export const COMMA = 44
export const HYPHEN = 45
export const DOT = 46
export const SLASH = 47
export const ZERO = 48
export const COLON = 58
export const SEMICOLON = 59
export const BAR = 124

/** Returns whether a byte is a blank within a line. */
export const isBlank = (byte: number | undefined): boolean =>
  byte === SPACE || byte === TAB || byte === RETURN

/** Returns where the blanks end that begin at a place. */
export function skipBlanks(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  while (at < to && isBlank(bytes[at])) at += 1
  return at
}
