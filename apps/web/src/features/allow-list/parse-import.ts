import { MAX_IGNORE_NOTE, MAX_IGNORES, type NewIgnoreInput } from '@bangui/shared'

/** What a file with entries has. */
export interface ParsedImport {
  readonly entries: readonly NewIgnoreInput[]
  /** the first lines that cannot be read */
  readonly invalid: readonly string[]
  /** a sentence that says why nothing can be imported; undefined: it can */
  readonly problem?: string
}

const MAX_SHOWN = 5

/** Reads entries from a text: what BanGUI exported, or lines with an entry each and a note after `#`. */
export function parseImport(text: string): ParsedImport {
  const parsed = text.trimStart().startsWith('[') ? parseExport(text) : parseLines(text)
  if (parsed.entries.length > MAX_IGNORES)
    return {
      ...parsed,
      problem: `These are ${parsed.entries.length} entries. At most ${MAX_IGNORES} can be imported.`,
    }
  return parsed
}

function parseExport(text: string): ParsedImport {
  try {
    const all: unknown = JSON.parse(text)
    if (!Array.isArray(all)) throw new Error('no list')
    const rows = (all as readonly unknown[]).map((row) => ({ row, entry: readEntry(row) }))
    return {
      entries: rows.flatMap(({ entry }) => entry ?? []),
      invalid: rows
        .filter(({ entry }) => entry === undefined)
        .slice(0, MAX_SHOWN)
        .map(({ row }) => JSON.stringify(row).slice(0, 80)),
    }
  } catch {
    return {
      entries: [],
      invalid: [],
      problem: 'This is not a file that BanGUI exported: it cannot be read as JSON.',
    }
  }
}

/** The longest text that the server looks at as an address. */
const MAX_LENGTH = 260

/** Returns an exported entry; undefined: it is none. The server looks at it more closely. */
function readEntry(row: unknown): NewIgnoreInput | undefined {
  if (typeof row !== 'object' || row === null) return undefined
  const {
    address,
    jail = null,
    everyHost = false,
    note = null,
    expiresAt = null,
  } = row as Record<string, unknown>
  if (typeof address !== 'string' || address === '' || address.length > MAX_LENGTH) return undefined
  if (typeof everyHost !== 'boolean') return undefined
  if (jail !== null && typeof jail !== 'string') return undefined
  if (note !== null && (typeof note !== 'string' || note.length > MAX_IGNORE_NOTE)) return undefined
  if (expiresAt !== null && typeof expiresAt !== 'number') return undefined
  return { address, jail, everyHost, note, expiresAt }
}

function parseLines(text: string): ParsedImport {
  const entries: NewIgnoreInput[] = []
  const invalid: string[] = []
  for (const line of text.split(/\r?\n/)) {
    const [words = '', ...notes] = line.split('#')
    const note = notes.join('#').trim().slice(0, MAX_IGNORE_NOTE) || null
    for (const address of words.split(/[\s,]+/).filter((word) => word !== '')) {
      if (address.length <= MAX_LENGTH) entries.push({ address, note, everyHost: false })
      else if (invalid.length < MAX_SHOWN) invalid.push(address.slice(0, 80))
    }
  }
  return { entries, invalid }
}
