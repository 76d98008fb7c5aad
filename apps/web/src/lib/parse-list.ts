/** Most addresses that one request may name. */
export const MAX_ADDRESSES = 50_000

/** The longest entry that the server takes; no address is as long. */
const MAX_LENGTH = 100

/** The entries of a pasted list: between blanks, commas, semicolons or lines; what follows a # is a remark. */
export function parseList(text: string): string[] {
  const entries = text
    .split('\n')
    .map((line) => line.replace(/#.*$/, ''))
    .flatMap((line) => line.split(/[\s,;]+/))
    .filter((entry) => entry !== '')
    // cut short it is still no address, and can be told as such
    .map((entry) => (entry.length > MAX_LENGTH ? `${entry.slice(0, MAX_LENGTH - 1)}…` : entry))
  return [...new Set(entries)]
}
