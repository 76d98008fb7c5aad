import { parseEntry, parseRange, type EntrySink } from './parse-entry.ts'

/** How the lines of a list are read. */
export interface ListLayout {
  readonly format: 'plain' | 'hosts' | 'csv'
  /** of a table */
  readonly delimiter: string
  /** of a table: the column with the addresses, from 1 */
  readonly column: number
  /** of a table of ranges: the column with their last addresses; null: it is none */
  readonly lastColumn: number | null
}

/** Returns whether a line has no content: it is blank, or a comment. */
export const isComment = (line: string): boolean => /^\s*(?:$|[#;]|\/\/)/.test(line)

/** Takes in what a line of a list has; returns false where it should have an entry and has none. */
export const parseLine = (line: string, layout: ListLayout, sink: EntrySink): boolean =>
  layout.format === 'csv' ? parseRow(line, layout, sink) : parsePlain(line, sink)

function parsePlain(line: string, sink: EntrySink): boolean {
  const text = line.replace(/(?:[#;]|\/\/).*$/s, '').trim()
  if (text === '') return true
  const [token = ''] = /^\S+?(?=[\s,|]|$)/.exec(text) ?? []
  const range = /^([0-9a-f.:]+)\s*[-–]\s*([0-9a-f.:]+)(?=[\s,|]|$)/i.exec(text)
  if (range) return parseRange(range[1] ?? '', range[2] ?? '', sink)
  if (parseEntry(token, sink)) return true
  // with a port, and as lists of peer-to-peer programs have it: a name before the range
  const [, host] = /^([\d.]+):\d{1,5}$/.exec(token) ?? []
  if (host !== undefined) return parseEntry(host, sink)
  const [, first, last] = /:\s*([\d.]+)\s*-\s*([\d.]+)$/.exec(text) ?? []
  return first !== undefined && last !== undefined && parseRange(first, last, sink)
}

function parseRow(line: string, { delimiter, column, lastColumn }: ListLayout, sink: EntrySink): boolean {
  const cells = splitRow(line, delimiter)
  const text = cells[column - 1] ?? ''
  const last = lastColumn === null ? '' : (cells[lastColumn - 1] ?? '')
  if (lastColumn !== null && parseRange(text, last, sink)) return true
  // several addresses in a cell are no surprise in tables that were exported
  const parts = text.split(/[\s,;|]+/).filter((part) => part !== '')
  if (parts.length < 2 || /[-–]/.test(text)) return parseEntry(text, sink)
  return parts.map((part) => parseEntry(part, sink)).every(Boolean)
}

/** Returns the cells of a row, without the quotes and blanks around them. */
export function splitRow(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter).map((cell) => cell.trim())
  const cells: string[] = []
  let cell = ''
  let isQuoted = false
  for (const char of line) {
    if (char === '"') isQuoted = !isQuoted
    else if (char === delimiter && !isQuoted) {
      cells.push(cell.trim())
      cell = ''
    } else cell += char
  }
  return [...cells, cell.trim()]
}
