/** What people write besides the names that the browser knows. */
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
/** Codes of what is no place. */
const noPlaces: ReadonlySet<string> = new Set(['EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ'])
/** No name has more words that matter. */
const MOST_WORDS = 6
/** As much as has to be typed of a name for it to be taken for a country: less could be a part of a jail's name. */
const LEAST_LETTERS = 5

let names: ReadonlyMap<string, string> | undefined

/** The country that a name means, in the reader's language or in English; the beginning of one is enough where it fits no other. */
export function findCountry(name: string): string | undefined {
  const wanted = plain(name)
  names ??= collectNames()
  const exact = names.get(wanted)
  if (exact !== undefined || wanted.length < LEAST_LETTERS) return exact
  const codes = new Set<string>()
  for (const [each, code] of names) if (each.startsWith(wanted)) codes.add(code)
  const [code, ...others] = codes
  return others.length === 0 ? code : undefined
}

/** What was typed into a search, with names of countries as the codes that the server knows. */
export function withCountryCodes(search: string): string {
  const words = search.split(/\s+/).filter(Boolean)
  const read: string[] = []
  for (let at = 0; at < words.length;) {
    const found = readCountry(words, at)
    read.push(found?.code ?? words[at] ?? '')
    at += found?.length ?? 1
  }
  return read.join(' ')
}

/** The country that the most of the words from here on name. */
function readCountry(words: readonly string[], at: number): { code: string; length: number } | undefined {
  const named = /^country:(.{3,})$/i.exec(words[at] ?? '')?.[1]
  const rest = [named ?? words[at] ?? '', ...words.slice(at + 1, at + MOST_WORDS)]
  // anything else with a colon or a number is not for us
  const end = rest.findIndex((word) => /[:/\d?]/.test(word))
  const usable = end < 0 ? rest : rest.slice(0, end)
  for (let length = usable.length; length > 0; length -= 1) {
    const code = findCountry(usable.slice(0, length).join(' '))
    if (code !== undefined) return { code, length }
  }
  return undefined
}

/** Every name there is, with its code. */
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

/** Whether a code is an old one for what has another now, as SU is. */
const isFormer = (code: string) => new Intl.Locale(`und-${code}`).region !== code

/** How names are compared: small, without accents, dots and dashes. */
const plain = (name: string): string =>
  name
    .normalize('NFD')
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/[^\p{Letter}\p{Number}]+/gu, ' ')
    .trim()
    .toLowerCase()
