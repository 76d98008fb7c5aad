/** The value of one cell of an exported table. */
export type Cell = string | number | boolean | null

/** The columns of a table, in order: the name, and how a row fills it. */
export type Columns<TRow> = Readonly<Record<string, (row: TRow) => Cell>>

/** How a table is written into a file. */
export interface ExportFormat {
  readonly contentType: string
  /** what stands before the first row */
  header(names: readonly string[]): string
  row(names: readonly string[], cells: readonly Cell[]): string
}

/** Comma-separated as RFC 4180 has it. */
const csv: ExportFormat = {
  contentType: 'text/csv; charset=utf-8; header=present',
  header: (names) => csvLine(names),
  row: (_names, cells) => csvLine(cells),
}

/** One JSON object a line. */
const jsonl: ExportFormat = {
  contentType: 'application/jsonl; charset=utf-8',
  header: () => '',
  row: (names, cells) =>
    `${JSON.stringify(Object.fromEntries(names.map((name, index) => [name, cells[index]])))}\n`,
}

export const exportFormats = { csv, jsonl } as const

const csvLine = (cells: readonly Cell[]) => `${cells.map(csvCell).join(',')}\r\n`

/**
 * Where a spreadsheet would take a text for a formula: at its beginning (in full width, too, a Japanese or Chinese one),
 * and, where semicolons divide cells instead of commas and quotes are not seen then, after each of these.
 */
const formula =
  /^(?=[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])|(?<=[;\t\r\n])(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g

function csvCell(value: Cell): string {
  if (typeof value !== 'string') return value === null ? '' : String(value)
  const text = value.replaceAll(formula, "'")
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
