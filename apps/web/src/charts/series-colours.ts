import { MAX_SERIES, type Series } from './series.ts'

/** A series with the number of its colour. */
export type DrawnSeries = Series & { readonly colour: number }

/** The last colour is reserved for the rest. */
const COLOURS = MAX_SERIES - 1
const MAX_KNOWN_NAMES = 500

/**
 * Returns a function that assigns colours. A name keeps its colour, whatever else is shown, and no two shown names share
 * one. A new name takes the colour of its hash, so that it looks the same on another day, or else an unused one.
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
    for (const oldest of [...known.keys()].slice(0, Math.max(0, known.size - MAX_KNOWN_NAMES)))
      known.delete(oldest)
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

/** With this factor the most common jails get different colours. */
const HASH_FACTOR = 4_867

function ownColour(name: string): number {
  let hash = 0
  for (const character of name) hash = (hash * HASH_FACTOR + (character.codePointAt(0) ?? 0)) % 1_000_003
  return (hash % COLOURS) + 1
}
