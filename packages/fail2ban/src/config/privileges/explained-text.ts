/** A value that a text had, and the one that it may have instead. */
export interface Replacement {
  readonly before: string
  readonly after: string
}

/** How many pairs of places are looked at: a command is a few hundred characters long. */
const MAX_PLACES = 1_000_000

/** Returns whether one text becomes another when some occurrences of values are replaced by others, and nothing else changes. */
export function isExplained(before: string, after: string, replacements: readonly Replacement[]): boolean {
  if (before === after) return true
  const usable = replacements.filter((each) => each.before !== each.after)
  if (usable.length === 0) return false
  const width = after.length + 1
  const seen = new Set<number>()
  const open: (readonly [at: number, to: number])[] = [[0, 0]]
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const [at, to] = place
    if (at === before.length && to === after.length) return true
    const id = at * width + to
    if (seen.has(id)) continue
    if (seen.size >= MAX_PLACES) return false
    seen.add(id)
    if (at < before.length && before[at] === after[to]) open.push([at + 1, to + 1])
    for (const each of usable)
      if (before.startsWith(each.before, at) && after.startsWith(each.after, to))
        open.push([at + each.before.length, to + each.after.length])
  }
  return false
}
