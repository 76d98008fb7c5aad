/** A filter or an action as a jail names it: `name[parameter="value", …]`. */
export interface Reference {
  readonly name: string
  readonly parameters: ReadonlyMap<string, string>
}

/**
 * The parameters that the actions of fail2ban's own jail.conf have from an option of the jail, by name, with the option: they may have
 * the values that the option may have.
 */
export const plainParameters: ReadonlyMap<string, string> = new Map([
  ['port', 'port'],
  ['protocol', 'protocol'],
  ['chain', 'chain'],
  ['dest', 'destemail'],
  ['sender', 'sender'],
])

/** Why a text names no filter and no action; it repeats no value, which may be a secret. */
export interface BadReference {
  readonly problem: string
}

const name = String.raw`[\w\-_.]+(?:\?[\w\-_.]+=[\w\-_.]+)?`

const parameter = new RegExp(
  String.raw`\s*(${name})=(?:"([^"]*)"|'([^']*)'|([^,\]]*))(?:,|\]\s*\[|(?=\n?$)|(?<after>.+))|,?\s*$|(?<instead>.+)`,
  'gs',
)

/** Reads one reference as fail2ban does from 1.0 on (`extractOptions` in `helpers.py`); 0.11.2 takes more. */
export function parseReference(text: string): Reference | BadReference {
  const [, bare, list] = /^([^[]+)(?:\[(.*)\])?\s*$/s.exec(text) ?? []
  if (bare === undefined) return { problem: 'begins with a bracket, or has a bracket that is not closed' }
  const parameters = new Map<string, string>()
  for (const { 1: key, 2: double, 3: single, 4: plain, groups } of (list ?? '').matchAll(parameter)) {
    if (groups?.['after'] !== undefined)
      return { problem: `has an error after the parameter ${key}: a comma or a quote is missing` }
    if (groups?.['instead'] !== undefined)
      return { problem: 'contains something other than parameters in its brackets' }
    if (key !== undefined) parameters.set(key.trim(), (double ?? single ?? plain ?? '').trim())
  }
  return { name: bare, parameters }
}

/**
 * Splits the value of `action` into its references (`splitWithOptions` in `helpers.py`): they are separated by white space, which
 * can also stand inside brackets.
 */
export function splitReferences(value: string): string[] {
  const references: string[] = []
  let at = 0
  for (;;) {
    at = skipSpace(value, at)
    if (at >= value.length) return references
    const end = endOfReference(value, at)
    references.push(value.slice(at, end))
    at = end
  }
}

function endOfReference(value: string, start: number): number {
  const bare = match(/[^[\s]+/y, value, start)
  const bracket = skipSpace(value, bare)
  const hasList = bare > start && value.charAt(bracket) === '['
  const close = hasList ? endsOfList(value, bracket + 1).findLast((end) => isSpaceAt(value, end)) : undefined
  return close ?? match(/\S+/y, value, start)
}

/** The places after the brackets that can close a list, which may have several parts: `[x=1][y=2]`. */
function endsOfList(value: string, start: number): number[] {
  const ends: number[] = []
  let at = skipSpace(value, start)
  while (value.charAt(at) !== ']') {
    const valueAt = match(new RegExp(`${name}=`, 'y'), value, at)
    if (valueAt === at) return ends
    at = skipSpace(value, endOfValue(value, valueAt))
    const next = skipSpace(value, at + 1)
    if (value.charAt(at) === ',') at = next
    else if (value.charAt(at) === ']' && value.charAt(next) === '[') {
      ends.push(at + 1)
      at = skipSpace(value, next + 1)
    } else if (value.charAt(at) !== ']') return ends
  }
  return [...ends, at + 1]
}

const isSpaceAt = (value: string, at: number) => at >= value.length || /\s/.test(value.charAt(at))

function endOfValue(value: string, start: number): number {
  const quoted = skipSpace(value, match(/"[^"]*"|'[^']*'/y, value, start))
  if (quoted > start && /^[,\]]/.test(value.slice(quoted, quoted + 1))) return quoted
  return match(/[^,\]]*/y, value, start)
}

const skipSpace = (value: string, at: number): number => match(/\s*/y, value, at)

/** The place after what a sticky pattern matches there, or the place itself. */
function match(pattern: RegExp, value: string, at: number): number {
  pattern.lastIndex = at
  return at + (pattern.exec(value)?.[0].length ?? 0)
}

/** Returns a reference as text that {@link parseReference} reads; undefined: a value cannot be written in it. */
export function formatReference({ name: bare, parameters }: Reference): string | undefined {
  const texts = [...parameters].map(([key, value]) => {
    const quoted = quoteValue(value)
    return quoted === undefined ? undefined : `${key}=${quoted}`
  })
  if (texts.includes(undefined)) return undefined
  return texts.length === 0 ? bare : `${bare}[${texts.join(', ')}]`
}

function quoteValue(value: string): string | undefined {
  if (/[\n\r]/.test(value) || value.trim() !== value) return undefined
  if (/^[\w./:@+-]+$/.test(value)) return value
  if (!value.includes('"')) return `"${value}"`
  return value.includes("'") ? undefined : `'${value}'`
}
