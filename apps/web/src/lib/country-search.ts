/** Names that people type besides those that the browser knows. */
const alsoCalled: Readonly<Record<string, string>> = {
  usa: 'US',
  'united states of america': 'US',
  uk: 'GB',
  'great britain': 'GB',
  england: 'GB',
  holland: 'NL',
  'czech republic': 'CZ',
  turkey: 'TR',
  burma: 'MM',
  'ivory coast': 'CI',
}
/** Codes that are not places. */
const noPlaces: ReadonlySet<string> = new Set(['EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ'])
/** No country's name has more words than this. */
const MAX_WORDS = 6
/** The beginning of a name counts as a country from this length on: less could be part of a jail's name. */
const MIN_LETTERS = 5

let names: ReadonlyMap<string, string> | undefined

/** Returns the code of the country with this name, in the reader's language or in English; an unambiguous beginning is enough. */
export function findCountry(name: string): string | undefined {
  const wanted = plain(name)
  names ??= collectNames()
  const exact = names.get(wanted)
  if (exact !== undefined || wanted.length < MIN_LETTERS) return exact
  const codes = new Set<string>()
  for (const [each, code] of names) if (each.startsWith(wanted)) codes.add(code)
  const [code, ...others] = codes
  return others.length === 0 ? code : undefined
}

/** Returns a search with the names of countries replaced by the codes that the server knows; words in quotes are none. */
export function withCountryCodes(search: string): string {
  const words = search.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? []
  const read: string[] = []
  for (let at = 0; at < words.length;) {
    const found = readCountry(words, at)
    read.push(found?.code ?? words[at] ?? '')
    at += found?.length ?? 1
  }
  return read.join(' ')
}

/** Returns the country that the longest run of words from `at` on names. */
function readCountry(words: readonly string[], at: number): { code: string; length: number } | undefined {
  const named = /^country:(.{3,})$/i.exec(words[at] ?? '')?.[1]?.replaceAll('"', '')
  const rest = [named ?? words[at] ?? '', ...words.slice(at + 1, at + MAX_WORDS)]
  // words with a colon, a number or quotes are not names of countries
  const end = rest.findIndex((word) => /[:/\d?"]/.test(word))
  const usable = end < 0 ? rest : rest.slice(0, end)
  for (let length = usable.length; length > 0; length -= 1) {
    const code = findCountry(usable.slice(0, length).join(' '))
    if (code !== undefined) return { code, length }
  }
  return undefined
}

/** Returns all names of countries with their codes. */
function collectNames(): ReadonlyMap<string, string> {
  const found = new Map(Object.entries(alsoCalled))
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCodePoint(65 + index))
  for (const language of [undefined, 'en']) {
    const display = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' })
    for (const code of letters.flatMap((first) => letters.map((second) => first + second))) {
      const name = noPlaces.has(code) || isFormer(code) ? undefined : display.of(code)
      if (name !== undefined && !found.has(plain(name))) found.set(plain(name), code)
    }
  }
  return found
}

/** Returns whether a code was replaced by another one, as SU was. */
const isFormer = (code: string) => new Intl.Locale(`und-${code}`).region !== code

/** Returns a name as it is compared: lower case, without accents, dots and dashes. */
const plain = (name: string): string =>
  name
    .normalize('NFD')
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/[^\p{Letter}\p{Number}]+/gu, ' ')
    .trim()
    .toLowerCase()
