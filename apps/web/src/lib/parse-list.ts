/** How many addresses one request may name. */
export const MAX_ADDRESSES = 50_000

/** The longest entry that the server accepts; no address is that long. */
const MAX_LENGTH = 100

/** Returns the entries of a pasted list, separated by blanks, commas, semicolons or lines; text after # is ignored. */
export function parseList(text: string): string[] {
  const entries = text
    .split('\n')
    .map((line) => line.replace(/#.*$/, ''))
    .flatMap((line) => line.split(/[\s,;]+/))
    .filter((entry) => entry !== '')
    // cut, it is still not an address, and the server says so
    .map((entry) => (entry.length > MAX_LENGTH ? `${entry.slice(0, MAX_LENGTH - 1)}…` : entry))
  return [...new Set(entries)]
}
