/** A word that an editor can offer. */
export interface Suggestion {
  readonly text: string
  /** what it means, in a few words */
  readonly detail?: string | undefined
}

/** An option that can be suggested. */
export interface KnownKey {
  readonly key: string
  readonly meaning: string
  readonly choices: readonly string[]
}

/** What is known of a configuration, for suggestions in one of its files. */
export interface Vocabulary {
  readonly keys: readonly KnownKey[]
  readonly filters: readonly string[]
  readonly actions: readonly string[]
  /** names for `%(name)s` */
  readonly variables: readonly string[]
  /** names in brackets */
  readonly sections: readonly string[]
  /** the parameters that a filter or an action takes in brackets, with the values that are known; none until they are loaded */
  readonly parametersOf?: (kind: 'filter' | 'action', name: string) => readonly KnownKey[]
}

/** The suggestions for a place, and where the word begins that they replace: a column of its line. */
export interface Suggestions {
  readonly from: number
  readonly options: readonly Suggestion[]
}

const MAX_OPTIONS = 50

/** Returns what can stand at the end of the last of some lines; undefined: nothing is known. `lines` are those of a file up to there. */
export function suggestionsAt(lines: readonly string[], known: Vocabulary): Suggestions | undefined {
  const line = lines.at(-1) ?? ''
  if (/^\s*[#;]/.test(line)) return undefined
  const [, variable] = /%\(([\w./-]*)$/.exec(line) ?? []
  if (variable !== undefined)
    return matching(
      variable,
      line,
      known.variables.map((name) => ({ text: `${name})s` })),
    )
  const [, section] = /^\[([^\]]*)$/.exec(line) ?? []
  if (section !== undefined)
    return matching(
      section,
      line,
      known.sections.map((name) => ({ text: `${name}]` })),
    )
  const [, key] = /^([\w.-]+)$/.exec(line) ?? []
  if (key !== undefined)
    return matching(
      key,
      line,
      known.keys.map((option) => ({ text: option.key, detail: option.meaning })),
    )
  return valueSuggestions(lines, known)
}

function valueSuggestions(lines: readonly string[], known: Vocabulary): Suggestions | undefined {
  const line = lines.at(-1) ?? ''
  const key = keyOfValue(lines)
  const inBrackets = key === undefined ? null : parameterSuggestions(key, lines, known)
  if (inBrackets !== null) return inBrackets
  const [, word] = /(?:^\s+|[=:]\s*)([\w.-]*)$/.exec(line) ?? []
  if (key === undefined || word === undefined) return undefined
  return matching(
    word,
    line,
    valuesOf(key, known).map((text) => ({ text })),
  )
}

/** What can stand in the brackets of a filter or an action: `name[key="value", …`; null: this is not in brackets. */
function parameterSuggestions(
  key: string,
  lines: readonly string[],
  { parametersOf }: Vocabulary,
): Suggestions | undefined | null {
  const line = lines.at(-1) ?? ''
  // brackets can go on in the next line
  const text = lines.slice(-MAX_LINES_OF_BRACKETS).join('\n')
  const [, name, inside] =
    /([\w.-]+)\[((?:[^[\]"'\n]|\n\s|"[^"]*"|'[^']*')*(?:"[^"]*|'[^']*)?)$/.exec(text) ?? []
  if (name === undefined || inside === undefined) return null
  const known = parametersOf?.(key === 'filter' ? 'filter' : 'action', name) ?? []
  const [, parameter] = /(?:^|,)\s*([\w-]*)$/.exec(inside) ?? []
  if (parameter !== undefined) {
    const given = new Set([...inside.matchAll(/(?:^|,)\s*([\w-]+)=/g)].map((found) => found[1]))
    const free = known.filter((each) => !given.has(each.key))
    return matching(
      parameter,
      line,
      free.map((each) => ({ text: `${each.key}=`, detail: each.meaning || undefined })),
    )
  }
  const [, of, value] = /(?:^|,)\s*([\w-]+)=["']?([\w.-]*)$/.exec(inside) ?? []
  const choices = known.find((each) => each.key === of)?.choices ?? []
  return value === undefined
    ? undefined
    : matching(
        value,
        line,
        choices.map((choice) => ({ text: choice })),
      )
}

const MAX_LINES_OF_BRACKETS = 20

function valuesOf(key: string, known: Vocabulary): readonly string[] {
  if (key === 'filter') return known.filters
  if (key === 'action' || key.startsWith('banaction')) return known.actions
  return known.keys.find((option) => option.key === key)?.choices ?? []
}

/** Returns the option whose value the last line is a part of. */
function keyOfValue(lines: readonly string[]): string | undefined {
  for (const line of lines.toReversed()) {
    const [, key] = /^([^\s#;[=:][^=:]*?)\s*[=:]/.exec(line) ?? []
    if (key !== undefined) return key.toLowerCase()
    if (!/^\s/.test(line)) return undefined
  }
  return undefined
}

function matching(word: string, line: string, all: readonly Suggestion[]): Suggestions | undefined {
  const start = word.toLowerCase()
  const options = all
    .filter(({ text }) => text.toLowerCase().startsWith(start) && text !== word)
    .slice(0, MAX_OPTIONS)
  return options.length === 0 ? undefined : { from: line.length - word.length, options }
}

/** Returns the line of an option in a text, from 1; undefined: it is not there. */
export function lineOfKey(text: string, section: string | null, key: string): number | undefined {
  let current: string | undefined
  for (const [index, line] of text.split('\n').entries()) {
    current = /^\[([^\]]*)\]/.exec(line)?.[1] ?? current
    const name = /^([^\s#;[=:][^=:]*?)\s*[=:]/.exec(line)?.[1]
    if (name?.toLowerCase() === key && (section === null || section === current)) return index + 1
  }
  return undefined
}
