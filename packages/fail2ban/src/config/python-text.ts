/** The white space of Python's `str.isspace`; JavaScript's `\s` differs by a few characters. */
const space = '\\t-\\r\\u001c-\\u001f \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'

const leading = new RegExp(`^[${space}]*`)
const only = new RegExp(`^[${space}]$`)

/** Returns whether one character is white space to Python. */
export const isSpace = (character: string): boolean => only.test(character)

/** How many characters of white space a text begins with. */
export const indentOf = (text: string): number => leading.exec(text)?.[0].length ?? 0

/** Removes trailing white space as Python's `str.rstrip` does. */
export function rstrip(text: string): string {
  let end = text.length
  while (end > 0 && isSpace(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}

/** Removes white space at both ends as Python's `str.strip` does. */
export const strip = (text: string): string => rstrip(text.slice(indentOf(text)))
