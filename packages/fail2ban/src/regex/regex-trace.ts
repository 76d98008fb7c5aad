import type { RegexLine } from '@bangui/shared'
import { cleanText } from '@bangui/shared'
import { parsePythonLiteral, type PythonValue } from '../config/python-literal.ts'

/** Reads what fail2ban-regex prints with `--log-level 5 --out row`: what it did with each line, in order. */
export interface RegexTrace {
  /** Takes in one line of the output. */
  push(line: string): void
  readonly lines: readonly RegexLine[]
  /** where it was at last: which line, and which failregex, both from 0; null: before the first */
  readonly at: { readonly line: number | null; readonly regex: number | null }
  /** the greatest number of a failregex that it named; -1: none */
  readonly lastRegex: number
  readonly prefregex: string | null
  /** as fail2ban has it: 1 unless the filter sets `maxlines` */
  readonly maxLines: number
  /** what is no message about a line: warnings and errors */
  readonly messages: readonly string[]
}

/** `getVerbosityFormat` of `helpers.py`, then the level's first letter; 0.11.2 has a level without a name, `#06-Lev.#`. */
const logged = /^\d{4}-\d\d-\d\d [\d:,]+ fail2ban[\w.]* *\[\d+\]: (\S+?) *[A-Z#]: ?(.*)$/s

const serious = new Set(['WARNING', 'ERROR', 'CRITICAL'])

const MAX_MESSAGES = 50

/** Creates a reader for the output about these lines. Every text in the messages that it reads is a Python literal, so no log line can forge one. */
export function createRegexTrace(texts: readonly string[]): RegexTrace {
  const lines: RegexLine[] = texts.map((text) => ({ ...untested, text }))
  const messages: string[] = []
  const at: { line: number | null; regex: number | null } = { line: null, regex: null }
  let lastRegex = -1
  let prefregex: string | null = null
  let maxLines = 1

  const change = (changes: Partial<RegexLine>) => {
    const line = at.line === null ? undefined : lines[at.line]
    if (line !== undefined && at.line !== null) lines[at.line] = { ...line, ...changes }
  }
  const current = () => (at.line === null ? undefined : lines[at.line])

  /** Lines that fail2ban-regex leaves out come between those that it works on. */
  const begin = (literal: string) => {
    const text = textOf(literal)
    const from = (at.line ?? -1) + 1
    const found = lines.findIndex((line, index) => index >= from && isSame(line.text, text))
    if (found === -1) return
    for (let index = from; index < found; index++) skip(index)
    at.line = found
    at.regex = null
    change({ outcome: 'missed' })
  }

  const skip = (index: number) => {
    const line = lines[index]
    if (line !== undefined) lines[index] = { ...line, outcome: 'skipped' }
  }

  const readers: readonly (readonly [pattern: RegExp, read: (found: RegExpExecArray) => void])[] = [
    [/^Working on line (.+)$/s, ([, literal = '']) => begin(literal)],
    [
      /^ {2}Looking for failregex (\d+) - /,
      ([, index]) => {
        at.regex = Number(index)
        lastRegex = Math.max(lastRegex, at.regex)
      },
    ],
    [
      /^ {2}Looking for prefregex (.+)$/s,
      ([, literal = '']) => {
        prefregex ??= textOf(literal)
        change({ prefix: false })
      },
    ],
    [/^ {2}Pre-filter matched (.+)$/s, ([, groups = '']) => change({ prefix: true, ...captured(null, groups) })],
    [
      /^ {2}Matched failregex (\d+): (.+)$/s,
      ([, index, groups = '']) =>
        change({ outcome: 'context', ...captured(Number(index), groups, current()?.matched?.captures) }),
    ],
    [/^ {2}Matched ignoreregex \d+ and was ignored$/, () => change({ outcome: 'ignored', ignored: true })],
    [
      /^ {2}got time (-?[\d.]+) for (.+) using template (.*)$/s,
      ([, seconds, literal = '', pattern = '']) =>
        change({ at: Number(seconds) * 1000, date: { text: textOf(literal), pattern } }),
    ],
    [
      /^maxLines: (\d+)$/,
      ([, count]) => {
        maxLines = Number(count)
      },
    ],
  ]

  return {
    push(printed) {
      const [, level, message] = logged.exec(printed) ?? []
      if (level === undefined || message === undefined) {
        if (!readRow(printed, current, change) && printed.trim() !== '' && messages.length < MAX_MESSAGES)
          messages.push(cleanText(printed).slice(0, 2000))
        return
      }
      if (serious.has(level) && messages.length < MAX_MESSAGES) messages.push(cleanText(message).slice(0, 2000))
      for (const [pattern, read] of readers) {
        const found = pattern.exec(message)
        if (found !== null) return read(found)
      }
    },
    get lines() {
      return lines.map(finished)
    },
    at,
    get lastRegex() {
      return lastRegex
    },
    get prefregex() {
      return prefregex
    },
    get maxLines() {
      return maxLines
    },
    messages,
  }
}

const untested = {
  outcome: 'untested',
  at: null,
  date: null,
  matched: null,
  ignored: false,
  prefix: null,
} as const satisfies Omit<RegexLine, 'text'>

/** A line without a failure has no match, whatever its regexes captured. */
const finished = (line: RegexLine): RegexLine =>
  line.outcome === 'matched' || (line.outcome === 'context' && line.matched !== null)
    ? line
    : { ...line, matched: null }

function captured(
  regex: number | null,
  literal: string,
  before: Readonly<Record<string, string>> = {},
): Pick<RegexLine, 'matched'> {
  const captures = { ...before, ...textsOf(parse(literal)) }
  delete captures['content']
  return { matched: { regex: regex ?? -1, address: null, captures } }
}

/** `['203.0.113.9',⇥1796000523.0,⇥{'user': 'root'}],`: a failure, with what earlier lines of its session gave to it. */
function readRow(
  printed: string,
  current: () => RegexLine | undefined,
  change: (changes: Partial<RegexLine>) => void,
): boolean {
  if (!printed.startsWith('[') || !printed.endsWith('],')) return false
  const row = parse(printed.slice(0, -1))
  if (!Array.isArray(row) || row.length !== 3) return false
  const [address = null, , data = null] = row
  const before = current()?.matched
  change({
    outcome: 'matched',
    matched: {
      regex: before?.regex ?? -1,
      address: typeof address === 'string' ? address : null,
      captures: { ...before?.captures, ...textsOf(data) },
    },
  })
  return true
}

function parse(literal: string): PythonValue {
  try {
    return parsePythonLiteral(literal)
  } catch {
    return null
  }
}

function textOf(literal: string): string {
  const value = parse(literal)
  return typeof value === 'string' ? value : literal
}

const textsOf = (value: PythonValue): Record<string, string> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])),
      )
    : {}

/** fail2ban-regex cuts white space from the ends of a line in some versions. */
const isSame = (text: string, printed: string) => text === printed || text.trimEnd() === printed.trimEnd()
