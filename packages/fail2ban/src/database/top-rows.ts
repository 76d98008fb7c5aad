/** Keeps the first of many rows. */
export interface TopRows<TRow> {
  add(row: TRow): void
  /** in their order */
  rows(): readonly TRow[]
}

/** Keeps `size` rows, the first by `compare`; now and then some more. */
export function createTopRows<TRow>(
  size: number,
  compare: (one: TRow, other: TRow) => number,
): TopRows<TRow> {
  let kept: TRow[] = []
  const cut = () => (kept = kept.sort(compare).slice(0, size))
  return {
    add(row) {
      if (kept.push(row) >= size * 4) cut()
    },
    rows: cut,
  }
}
