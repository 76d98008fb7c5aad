import { createHash } from 'node:crypto'

/** A row that was read: its rowid, and the fingerprint of what stood there. */
export interface Checkpoint {
  readonly rowid: number
  readonly mark: string
}

/** Where reading goes on. `file` distinguishes the database file from another that replaced it. */
export interface TableCursor {
  readonly file: string
  /** the last row first, then some before it, further and further apart */
  readonly checkpoints: readonly Checkpoint[]
}

const MAX_CHECKPOINTS = 8
/** The distance from the last row grows by this factor from one checkpoint to the next: eight reach back 16,000 rows. */
const DISTANCE_FACTOR = 4

/** Returns what tells one row from another that came to have its rowid. */
export const rowFingerprint = (parts: readonly unknown[]): string =>
  createHash('sha1').update(JSON.stringify(parts)).digest('base64url').slice(0, 8)

/** Returns the checkpoints to keep, of rows with the last one first. */
export function selectCheckpoints<TRow extends { readonly rowid: number }>(rows: readonly TRow[]): TRow[] {
  const [last] = rows
  if (last === undefined) return []
  const kept = [last]
  let distance = 1
  for (const row of rows) {
    if (kept.length === MAX_CHECKPOINTS) break
    if (last.rowid - row.rowid < distance) continue
    kept.push(row)
    distance = (last.rowid - row.rowid) * DISTANCE_FACTOR
  }
  return kept
}

export const encodeCursor = ({ file, checkpoints }: TableCursor): string =>
  [file, ...checkpoints.map(({ rowid, mark }) => `${rowid}.${mark}`)].join('~')

/** Parses a cursor; null: BanGUI did not write it, and reading starts over. */
export function decodeCursor(text: string | null): TableCursor | null {
  if (text === null || text.length > 512) return null
  const [file = '', ...parts] = text.split('~')
  const checkpoints: Checkpoint[] = []
  for (const part of parts) {
    const [, rowid, mark] = /^(\d{1,16})\.([\w-]{8})$/.exec(part) ?? []
    if (rowid === undefined || mark === undefined) return null
    checkpoints.push({ rowid: Number(rowid), mark })
  }
  return { file, checkpoints }
}
