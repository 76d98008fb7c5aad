import { MAX_SERIES, type Series } from './series.ts'

/** A series and the number of its colour. */
export type DrawnSeries = Series & { readonly colour: number }

/** The last colour is that of the rest, and of nothing else. */
const COLOURS = MAX_SERIES - 1
const KEPT = 500

/**
 * Gives each name a colour that stays with it, whatever else is shown: of the shown no two have the same. A new name
 * takes its own colour, by which it looks the same on another day, or else one that nobody has had.
 */
export function createSeriesColours() {
  const known = new Map<string, number>()

  function colourNames(names: readonly string[]): ReadonlyMap<string, number> {
    const shown = new Set(names)
    const free = new Set(Array.from({ length: COLOURS }, (_, index) => index + 1))
    const colours = new Map<string, number>()
    for (const [name, colour] of known) if (shown.has(name) && free.delete(colour)) colours.set(name, colour)
    const give = (pick: (own: number, had: ReadonlySet<number>) => number | undefined) => {
      for (const name of shown) {
        if (colours.has(name)) continue
        const colour = pick(ownColour(name), new Set(known.values()))
        if (colour === undefined) continue
        free.delete(colour)
        colours.set(name, colour)
        known.set(name, colour)
      }
    }
    give((own, had) => (free.has(own) && !had.has(own) ? own : undefined))
    give((own, had) => {
      const inTurn = Array.from({ length: COLOURS }, (_, index) => ((own - 1 + index) % COLOURS) + 1)
      return (
        inTurn.find((colour) => free.has(colour) && !had.has(colour)) ??
        inTurn.find((colour) => free.has(colour))
      )
    })
    for (const oldest of [...known.keys()].slice(0, Math.max(0, known.size - KEPT))) known.delete(oldest)
    return colours
  }

  return (series: readonly Series[]): readonly DrawnSeries[] => {
    const colours = colourNames(series.flatMap(({ name, isRest }) => (isRest ? [] : [name])))
    return series.map((each) => ({
      ...each,
      colour: each.isRest ? MAX_SERIES : (colours.get(each.name) ?? MAX_SERIES),
    }))
  }
}

/** A factor by which the most usual jails differ in colour. */
const SPREAD = 4_867

function ownColour(name: string): number {
  let hash = 0
  for (const character of name) hash = (hash * SPREAD + (character.codePointAt(0) ?? 0)) % 1_000_003
  return (hash % COLOURS) + 1
}
