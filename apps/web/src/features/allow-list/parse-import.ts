import { MAX_IGNORES, NewIgnoreInput } from '@bangui/shared'

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
    const rows = (all as readonly unknown[]).map((row) => ({ row, entry: NewIgnoreInput.safeParse(row) }))
    return {
      entries: rows.flatMap(({ entry }) => (entry.success ? [entry.data] : [])),
      invalid: rows
        .filter(({ entry }) => !entry.success)
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

function parseLines(text: string): ParsedImport {
  const entries: NewIgnoreInput[] = []
  const invalid: string[] = []
  for (const line of text.split(/\r?\n/)) {
    const [words = '', ...notes] = line.split('#')
    const note = notes.join('#').trim().slice(0, 200) || null
    for (const address of words.split(/[\s,]+/).filter((word) => word !== '')) {
      const entry = NewIgnoreInput.safeParse({ address, note })
      if (entry.success) entries.push(entry.data)
      else if (invalid.length < MAX_SHOWN) invalid.push(address.slice(0, 80))
    }
  }
  return { entries, invalid }
}
