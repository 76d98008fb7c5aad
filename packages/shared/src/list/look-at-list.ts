import type { FoundFormat, ListColumn, ListFormat, ListLook } from '../blocklist.ts'
import { parseAddress } from '../address.ts'
import { isComment, parseLine, splitRow, type ListLayout } from './list-line.ts'
import { parseEntry } from './parse-entry.ts'

/** What somebody expects of a list. */
export interface ListExpectation {
  readonly format: ListFormat
  /** of a table, from 1; null: the one that is found */
  readonly column: number | null
}

/** What a list looks like, and how its lines are read; no layout: it is no list. */
export interface FoundLook {
  readonly look: ListLook
  readonly layout: ListLayout | null
}

/** How many lines are looked at, and how many columns of a table. */
const MAX_LINES = 300
const MAX_COLUMNS = 30
const MAX_EXAMPLES = 3
const MAX_EXAMPLE_LENGTH = 80

const delimiters = [',', '\t', ';', '|'] as const
const delimiterWords = {
  ',': 'CSV',
  '\t': 'a table with tabs',
  ';': 'a table with semicolons',
  '|': 'a table with bars',
}

const nowhere = { ipv4: () => undefined, ipv6: () => undefined }

/** Recognizes the format of a list by its beginning. */
export function lookAtList(beginning: string, expected: ListExpectation): FoundLook {
  const other = otherThanList(beginning)
  if (other) return { look: { ...other, column: null, columns: [] }, layout: null }
  const lines = beginning
    .split(/\r\n|\n|\r/)
    .filter((line) => !isComment(line))
    .slice(0, MAX_LINES)
  if (lines.length === 0) return noList('empty', 'The list is empty, apart from comments and blank lines.')
  if (expected.format === 'plain') return plain(lines)
  if (expected.format === 'hosts') return hosts(lines)
  const table = findTable(lines, expected.column)
  if (expected.format === 'csv')
    return table ?? noList('plain', 'A table was expected, but the lines have no columns.')
  const isPlain = shareOf(lines, (line) => parseLine(line, plainLayout, nowhere)) >= 0.5
  if (table && (expected.column !== null || !isPlain || isClearTable(table))) return table
  return isHosts(lines) ? hosts(lines) : plain(lines)
}

const noList = (format: FoundFormat, words: string): FoundLook => ({
  look: { format, words, column: null, columns: [] },
  layout: null,
})

/** Returns what a text is that cannot be a list. */
function otherThanList(text: string): Pick<ListLook, 'format' | 'words'> | undefined {
  if (
    /^\uFEFF?\s*<(?:!doctype|html|head|body|\?xml|!--)/i.test(text) ||
    /<html[\s>]/i.test(text.slice(0, 2_000))
  )
    return {
      format: 'html',
      words:
        'This is a web page (HTML), not a list: the list may have moved, or its address requires a sign-in.',
    }
  if (/^\uFEFF?\s*(?:\{|\[\s*[{"])/.test(text))
    return {
      format: 'json',
      words: 'This is JSON, which BanGUI does not read. Look for the list as text or CSV.',
    }
  if (/^[\uFFFD]{2}/.test(text) && text.includes('\0'))
    return {
      format: 'binary',
      words: 'This is text in UTF-16, which BanGUI does not read. Save it as UTF-8.',
    }
  if (text.includes('\0')) return { format: 'binary', words: 'This is a binary file, not a list.' }
  return undefined
}

const shareOf = <TItem>(items: readonly TItem[], isMeant: (item: TItem) => boolean): number =>
  items.length === 0 ? 0 : items.filter(isMeant).length / items.length

const plainLayout: ListLayout = { format: 'plain', delimiter: ',', column: 1, lastColumn: null }

function plain(lines: readonly string[]): FoundLook {
  const ranges = shareOf(lines, (line) => /^\s*[0-9a-f.:]+\s*[-–]\s*[0-9a-f.:]+/i.test(line))
  const what = ranges > 0.5 ? 'ranges' : 'addresses and networks'
  const isAny = lines.some((line) => parseLine(line, plainLayout, nowhere))
  const words = isAny
    ? `Looks like a plain list of ${what}, one per line.`
    : 'No line begins with an address.'
  return { look: { format: 'plain', words, column: null, columns: [] }, layout: plainLayout }
}

/** A line of a hosts file: an address, and names without anything else. */
const hostsLine = /^\s*([0-9a-f.:]+)(?:[ \t]+[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)+\s*(?:#.*)?$/i

const isHosts = (lines: readonly string[]) =>
  shareOf(lines, (line) => {
    const [, address = ''] = hostsLine.exec(line) ?? []
    return parseAddress(address) !== undefined && /[ \t][^#]*\.[a-z]/i.test(line)
  }) >= 0.8

function hosts(lines: readonly string[]): FoundLook {
  const blocked = shareOf(lines, (line) => /^\s*(?:0\.0\.0\.0|127\.\d+\.\d+\.\d+|::1?)\s/.test(line))
  const words =
    blocked > 0.5
      ? 'Looks like a hosts file that blocks names. fail2ban bans only addresses, and this file has none to ban.'
      : 'Looks like a hosts file, addresses before names.'
  return {
    look: { format: 'hosts', words, column: null, columns: [] },
    layout: { ...plainLayout, format: 'hosts' },
  }
}

/** Whether the columns are beyond doubt: a comma, tab or bar, and more than text after an address. */
const isClearTable = ({ look, layout }: FoundLook) =>
  layout !== null && layout.delimiter !== ';' && (look.column !== 1 || look.columns.length > 1)

function findTable(lines: readonly string[], wanted: number | null): FoundLook | undefined {
  const found = delimiters.flatMap((delimiter) => tableWith(delimiter, lines, wanted) ?? [])
  const bestShare = ({ look }: FoundLook) => look.columns[(look.column ?? 1) - 1]?.addresses ?? 0
  const [best] = found.toSorted((one, other) => bestShare(other) - bestShare(one))
  return best
}

function tableWith(
  delimiter: (typeof delimiters)[number],
  lines: readonly string[],
  wanted: number | null,
): FoundLook | undefined {
  const rows = lines.map((line) => splitRow(line, delimiter))
  const counts = rows.map((row) => row.length)
  const usual = mostFrequent(counts)
  if (usual < 2 || shareOf(counts, (count) => count === usual) < 0.7) return undefined
  const width = Math.min(usual, MAX_COLUMNS)
  // the first row may be a header
  const body = rows.length > 1 ? rows.slice(1) : rows
  const isAddress = (text = '') => parseEntry(text, nowhere)
  const columns = Array.from({ length: width }, (_, index): ListColumn => ({
    column: index + 1,
    examples: rows.slice(0, MAX_EXAMPLES).map((row) => (row[index] ?? '').slice(0, MAX_EXAMPLE_LENGTH)),
    addresses: shareOf(body, (row) => isAddress(row[index])),
  }))
  const best = columns.reduce((one, other) => (other.addresses > one.addresses ? other : one))
  const column = wanted ?? best.column
  if (wanted === null && best.addresses < 0.3) return undefined
  const lastColumn = wanted === null && isRangeTable(body, column) ? column + 1 : null
  const where =
    lastColumn === null ? `addresses in column ${column}` : `ranges in columns ${column} and ${lastColumn}`
  return {
    look: { format: 'csv', words: `Looks like ${delimiterWords[delimiter]}, ${where}.`, column, columns },
    layout: { format: 'csv', delimiter, column, lastColumn },
  }
}

/** Whether the next column has the last addresses of ranges that begin in this one. */
function isRangeTable(rows: readonly (readonly string[])[], column: number): boolean {
  const pairs = rows.map((row) => [row[column - 1] ?? '', row[column] ?? ''] as const)
  const isRange = shareOf(pairs, ([first, last]) => {
    const from = parseAddress(first)
    const to = parseAddress(last)
    return from?.family === 4 && to?.family === 4 && parseEntry(`${first}-${last}`, nowhere)
  })
  return isRange >= 0.9 && pairs.some(([first, last]) => first !== last)
}

function mostFrequent(values: readonly number[]): number {
  const counts = Map.groupBy(values, (value) => value)
  const [most] = [...counts].toSorted(([, one], [, other]) => other.length - one.length)
  return most?.[0] ?? 0
}
