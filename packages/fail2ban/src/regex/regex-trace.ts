import { cleanText, type RegexLine } from '@bangui/shared'
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

/** What was read until now. */
interface TraceState {
  readonly lines: RegexLine[]
  readonly messages: string[]
  readonly at: { line: number | null; regex: number | null }
  lastRegex: number
  prefregex: string | null
  maxLines: number
}

/**
 * Creates a reader for the output about these lines. Every text in the messages that it reads is a Python literal, so no log line can
 * forge one.
 */
export function createRegexTrace(texts: readonly string[]): RegexTrace {
  const state: TraceState = {
    lines: texts.map((text) => ({ ...untested, text })),
    messages: [],
    at: { line: null, regex: null },
    lastRegex: -1,
    prefregex: null,
    maxLines: 1,
  }
  return {
    push: (printed) => readPrinted(state, printed),
    get lines() {
      return state.lines.map(finished)
    },
    at: state.at,
    get lastRegex() {
      return state.lastRegex
    },
    get prefregex() {
      return state.prefregex
    },
    get maxLines() {
      return state.maxLines
    },
    messages: state.messages,
  }
}

function readPrinted(state: TraceState, printed: string): void {
  const [, level, message] = logged.exec(printed) ?? []
  if (level === undefined || message === undefined) {
    if (!readRow(state, printed) && printed.trim() !== '') note(state, printed)
    return
  }
  if (serious.has(level)) note(state, message)
  for (const [pattern, read] of readers) {
    const found = pattern.exec(message)
    if (found !== null) return read(state, found)
  }
}

function note({ messages }: TraceState, text: string): void {
  if (messages.length < MAX_MESSAGES) messages.push(cleanText(text).slice(0, 2000))
}

const current = ({ lines, at }: TraceState) => (at.line === null ? undefined : lines[at.line])

function change({ lines, at }: TraceState, changes: Partial<RegexLine>): void {
  const line = at.line === null ? undefined : lines[at.line]
  if (line !== undefined && at.line !== null) lines[at.line] = { ...line, ...changes }
}

/** Lines that fail2ban-regex leaves out come between those that it works on. */
function begin(state: TraceState, literal: string): void {
  const { lines, at } = state
  const text = textOf(literal)
  const from = (at.line ?? -1) + 1
  const found = lines.findIndex((line, index) => index >= from && isSame(line.text, text))
  if (found === -1) return
  for (const [index, line] of lines.slice(from, found).entries())
    lines[from + index] = { ...line, outcome: 'skipped' }
  at.line = found
  at.regex = null
  change(state, { outcome: 'missed' })
}

/** The messages of `filter.py` and `datedetector.py` that are read, the same in all versions. */
const readers: readonly (readonly [
  pattern: RegExp,
  read: (state: TraceState, found: RegExpExecArray) => void,
])[] = [
  [/^Working on line (.+)$/s, (state, [, literal = '']) => begin(state, literal)],
  [
    /^ {2}Looking for failregex (\d+) - /,
    (state, [, index]) => {
      state.at.regex = Number(index)
      state.lastRegex = Math.max(state.lastRegex, state.at.regex)
    },
  ],
  [
    /^ {2}Looking for prefregex (.+)$/s,
    (state, [, literal = '']) => {
      state.prefregex ??= textOf(literal)
      change(state, { prefix: false })
    },
  ],
  [
    /^ {2}Pre-filter matched (.+)$/s,
    (state, [, groups = '']) => change(state, { prefix: true, ...captured(null, groups) }),
  ],
  [
    /^ {2}Matched failregex (\d+): (.+)$/s,
    (state, [, index, groups = '']) => {
      const before = current(state)?.matched?.captures
      change(state, { outcome: 'context', ...captured(Number(index), groups, before) })
    },
  ],
  [
    /^ {2}Matched ignoreregex \d+ and was ignored$/,
    (state) => change(state, { outcome: 'ignored', ignored: true }),
  ],
  [
    /^ {2}got time (-?[\d.]+) for (.+) using template (.*)$/s,
    (state, [, seconds, literal = '', pattern = '']) =>
      change(state, { at: Number(seconds) * 1000, date: { text: textOf(literal), pattern } }),
  ],
  [
    /^maxLines: (\d+)$/,
    (state, [, count]) => {
      state.maxLines = Number(count)
    },
  ],
]

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
function readRow(state: TraceState, printed: string): boolean {
  if (!printed.startsWith('[') || !printed.endsWith('],')) return false
  const row = parse(printed.slice(0, -1))
  if (!Array.isArray(row) || row.length !== 3) return false
  const [address = null, , data = null] = row
  const before = current(state)?.matched
  change(state, {
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
