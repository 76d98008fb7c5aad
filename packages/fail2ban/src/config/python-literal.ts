/** A value that Python printed: text, number, truth, nothing, or a list or mapping of such. */
export type PythonValue =
  | string
  | number
  | boolean
  | null
  | PythonValue[]
  | { readonly [key: string]: PythonValue }

/** A text that is no Python literal, or one beyond the bounds. */
export class PythonLiteralError extends Error {
  override readonly name = 'PythonLiteralError'
}

const MAX_LENGTH = 4 * 1024 * 1024
const MAX_DEPTH = 32

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '',
}

interface Cursor {
  readonly text: string
  at: number
}

/**
 * Reads what Python's `repr` prints for text, numbers, `True`, `False`, `None`, lists, tuples, sets and mappings; nothing is
 * evaluated. At most 4 MiB and 32 levels. @throws PythonLiteralError
 */
export function parsePythonLiteral(text: string): PythonValue {
  if (text.length > MAX_LENGTH) throw new PythonLiteralError('The text is too long.')
  const cursor: Cursor = { text, at: 0 }
  const value = readValue(cursor, 0)
  skipSpace(cursor)
  if (cursor.at < text.length) throw unexpected(cursor)
  return value
}

function readValue(cursor: Cursor, depth: number): PythonValue {
  if (depth > MAX_DEPTH) throw new PythonLiteralError('The text is nested too deeply.')
  skipSpace(cursor)
  const start = cursor.text.charAt(cursor.at)
  if (start === '[') return readItems(cursor, ']', depth)
  if (start === '(') return readTuple(cursor, depth)
  if (start === '{') return readMapping(cursor, depth)
  const quote = match(cursor, /([uU]|[rR][bB]?|[bB][rR]?)?(['"])/y)
  if (quote !== undefined) return readText(cursor, quote[2] ?? '', /r/i.test(quote[1] ?? ''))
  const number = match(cursor, /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])/y)
  if (number !== undefined) return Number(number[0])
  const word = match(cursor, /(True|False|None)(?!\w)/y)
  if (word === undefined) throw unexpected(cursor)
  return word[0] === 'None' ? null : word[0] === 'True'
}

function readItems(cursor: Cursor, close: string, depth: number): PythonValue[] {
  const items: PythonValue[] = []
  cursor.at += 1
  for (;;) {
    if (take(cursor, close)) return items
    items.push(readValue(cursor, depth + 1))
    if (take(cursor, ',')) continue
    if (take(cursor, close)) return items
    throw unexpected(cursor)
  }
}

/** `(1)` is no tuple but 1; `()` and `(1,)` are tuples. */
function readTuple(cursor: Cursor, depth: number): PythonValue {
  const items = readItems(cursor, ')', depth)
  const [only] = items
  const isTuple =
    items.length !== 1 || /,\s*\)$/.test(cursor.text.slice(Math.max(0, cursor.at - 16), cursor.at))
  return isTuple || only === undefined ? items : only
}

function readMapping(cursor: Cursor, depth: number): PythonValue {
  const entries: [string, PythonValue][] = []
  cursor.at += 1
  for (;;) {
    if (take(cursor, '}')) return Object.fromEntries(entries)
    const key = readValue(cursor, depth + 1)
    if (entries.length === 0 && /^[,}]$/.test(cursor.text.charAt(cursor.at)))
      return readSet(cursor, key, depth)
    if (typeof key !== 'string' && typeof key !== 'number') throw unexpected(cursor)
    if (!take(cursor, ':')) throw unexpected(cursor)
    entries.push([String(key), readValue(cursor, depth + 1)])
    if (take(cursor, ',')) continue
    if (take(cursor, '}')) return Object.fromEntries(entries)
    throw unexpected(cursor)
  }
}

/** A set is a list here; the empty one is written `set()`, which is none of the values. */
function readSet(cursor: Cursor, first: PythonValue, depth: number): PythonValue[] {
  if (take(cursor, '}')) return [first]
  return [first, ...readItems(cursor, '}', depth)]
}

function readText(cursor: Cursor, quote: string, raw: boolean): string {
  const parts: string[] = []
  let start = cursor.at
  for (;;) {
    const character = cursor.text.charAt(cursor.at)
    if (character === '' || character === '\n') throw unexpected(cursor)
    if (character === quote) {
      parts.push(cursor.text.slice(start, cursor.at))
      cursor.at += 1
      return parts.join('')
    }
    if (character !== '\\') {
      cursor.at += 1
      continue
    }
    if (raw) {
      cursor.at += 2
      continue
    }
    parts.push(cursor.text.slice(start, cursor.at), readEscape(cursor))
    start = cursor.at
  }
}

function readEscape(cursor: Cursor): string {
  const coded = match(cursor, /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3}))/y)
  if (coded !== undefined) {
    const [, byte, short, long, octal] = coded
    const code =
      octal === undefined ? Number.parseInt(byte ?? short ?? long ?? '', 16) : Number.parseInt(octal, 8)
    if (code > 0x10_ffff) throw unexpected(cursor)
    return String.fromCodePoint(code)
  }
  const escaped = cursor.text.charAt(cursor.at + 1)
  const value = escapes[escaped]
  if (value === undefined || escaped === '') throw unexpected(cursor)
  cursor.at += 2
  return value
}

function match(cursor: Cursor, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = cursor.at
  const found = pattern.exec(cursor.text) ?? undefined
  if (found !== undefined) cursor.at += found[0].length
  return found
}

function take(cursor: Cursor, character: string): boolean {
  skipSpace(cursor)
  if (cursor.text.charAt(cursor.at) !== character) return false
  cursor.at += 1
  return true
}

function skipSpace(cursor: Cursor): void {
  while (/^[ \t\r\n]$/.test(cursor.text.charAt(cursor.at))) cursor.at += 1
}

const unexpected = (cursor: Cursor) =>
  new PythonLiteralError(`The text is no Python literal at position ${cursor.at}.`)
