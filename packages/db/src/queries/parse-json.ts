/** Returns what a text of JSON means; undefined: it is none, since somebody edited it. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
