import { chunk } from '@bangui/async'

/** SQLite takes 32,766 parameters a statement. */
const MAX_ROWS_PER_STATEMENT = 1000

/** Yields lists of items that one statement takes. */
export const inBatches = <TItem>(items: readonly TItem[]): Generator<TItem[]> =>
  chunk(items, MAX_ROWS_PER_STATEMENT)
