/** Rows a statement: SQLite takes 32,766 parameters. */
const BATCH = 1000

/** Cuts a list into parts that one statement takes. */
export function* inBatches<TItem>(items: readonly TItem[]): Generator<TItem[]> {
  for (let start = 0; start < items.length; start += BATCH) yield items.slice(start, start + BATCH)
}
