/** What a part of a line of fail2ban's files is. */
export type TokenKind =
  | 'comment'
  | 'section'
  | 'key'
  | 'sign'
  | 'reference'
  | 'tag'
  | 'escape'
  | 'group'
  | 'mistake'

export interface Token {
  readonly from: number
  readonly to: number
  readonly kind: TokenKind
}

/** What the lines before decide about a line. */
export interface LineState {
  /** the option whose value goes on in indented lines; null: none yet */
  readonly key: string | null
  /** the indentation of that option */
  readonly indent: number
}

export const startState: LineState = { key: null, indent: 0 }

const regexKey = /regex|^datepattern$|^__|pattern$|^mdre|^mdpr/

/** Returns the parts of a line and the state for the next one; what is left out is plain text. */
export function tokenizeLine(line: string, state: LineState): { tokens: Token[]; next: LineState } {
  const trimmed = line.trimStart()
  const indent = line.length - trimmed.length
  if (trimmed.trim() === '') return { tokens: [], next: state }
  if (/^[#;]/.test(trimmed))
    return { tokens: [{ from: indent, to: line.length, kind: 'comment' }], next: state }
  const end = commentStart(line)
  const comment: Token[] = end < line.length ? [{ from: end, to: line.length, kind: 'comment' }] : []
  if (state.key !== null && indent > state.indent)
    return { tokens: [...valueTokens(line, { from: indent, to: end }, state.key), ...comment], next: state }
  const header = /^\[.+\]/.exec(trimmed)?.[0]
  if (header !== undefined) {
    const section: Token = { from: indent, to: indent + header.length, kind: 'section' }
    return { tokens: [section, ...comment], next: { key: null, indent } }
  }
  return optionTokens(line, { indent, end, comment })
}

function optionTokens(
  line: string,
  {
    indent,
    end,
    comment,
  }: { readonly indent: number; readonly end: number; readonly comment: readonly Token[] },
): { tokens: Token[]; next: LineState } {
  const at = line.slice(0, end).search(/[=:]/)
  if (at === -1)
    return { tokens: [{ from: indent, to: end, kind: 'mistake' }, ...comment], next: { key: null, indent } }
  const key = line.slice(indent, at).trimEnd()
  return {
    tokens: [
      { from: indent, to: indent + key.length, kind: 'key' },
      { from: at, to: at + 1, kind: 'sign' },
      ...valueTokens(line, { from: at + 1, to: end }, key.toLowerCase()),
      ...comment,
    ],
    next: { key: key.toLowerCase(), indent },
  }
}

/** Where the comment at the end of a line begins: at a `;` after a space. */
function commentStart(line: string): number {
  const at = line.search(/\s;/)
  return at === -1 ? line.length : at + 1
}

const inAny = /(?<reference>%\([^)]*\)s|%%)|(?<tag><\/?[A-Za-z_][\w?=/.-]*>)/g
const inRegex =
  /(?<reference>%\([^)]*\)s|%%)|(?<tag><\/?[A-Za-z_][\w?=/.-]*>)|(?<escape>\\.)|(?<group>\((?:\?(?:P<\w+>|P=\w+|[:=!>]|<[=!]|[aiLmsux-]+:?))?|[)|^$*+?]|\{\d*,?\d*\}|\[(?:\\.|[^\]\\]){1,200}\])/g

const kinds = ['reference', 'tag', 'escape', 'group'] as const

/** Only the beginning of a very long value has colours. */
const MAX_COLOURED = 5_000

function valueTokens(
  line: string,
  { from, to }: { readonly from: number; readonly to: number },
  key: string,
): Token[] {
  const value = line.slice(from, Math.min(to, from + MAX_COLOURED))
  const pattern = regexKey.test(key) ? inRegex : inAny
  return [...value.matchAll(pattern)].flatMap((match) => {
    const kind = kinds.find((each) => match.groups?.[each] !== undefined)
    const start = from + match.index
    return kind === undefined ? [] : [{ from: start, to: start + match[0].length, kind }]
  })
}
