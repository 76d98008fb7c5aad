import { catalogue } from './catalogue.ts'
import type { OptionScope } from './catalogue-option.ts'

/** Words that people write for an option, and that look unlike it. */
const otherWords: Readonly<Record<string, string>> = {
  retries: 'maxretry',
  attempts: 'maxretry',
  maxattempts: 'maxretry',
  maxfailures: 'maxretry',
  blocktime: 'bantime',
  duration: 'bantime',
  window: 'findtime',
  whitelist: 'ignoreip',
  allowlist: 'ignoreip',
  ignore: 'ignoreip',
  logfile: 'logpath',
  logs: 'logpath',
  path: 'logpath',
  enable: 'enabled',
  disabled: 'enabled',
  regex: 'failregex',
  actions: 'action',
  filters: 'filter',
}

/** The option that somebody may have meant who wrote an unknown name; undefined: the name looks like no option. */
export function findMeantOption(scope: OptionScope, name: string): string | undefined {
  const known = catalogue[scope].filter(({ isVariable }) => isVariable !== true).map(({ key }) => key)
  const word = name.toLowerCase()
  if (catalogue[scope].some(({ key }) => key === word)) return undefined
  const other = otherWords[word]
  if (other !== undefined && known.includes(other)) return other
  return findMeant(known, word)
}

/** The one of some names that a similar name stands for. */
export function findMeant(names: Iterable<string>, written: string): string | undefined {
  const bare = withoutMarks(written)
  if (bare.length < MIN_LENGTH) return undefined
  for (const name of names) {
    const wanted = withoutMarks(name)
    if (isWithin(bare, wanted, wanted.length < SHORT_LENGTH ? 1 : 2)) return name
  }
  return undefined
}

/** Shorter names are like too many others. */
const MIN_LENGTH = 4
/** Names below this length may differ by one letter only. */
const SHORT_LENGTH = 7

const withoutMarks = (name: string) => name.toLowerCase().replaceAll(/[-_. ]/g, '')

/** Returns whether two words differ by so many letters that were added, left out, replaced or exchanged with the next one. */
function isWithin(one: string, other: string, most: number): boolean {
  if (Math.abs(one.length - other.length) > most) return false
  let before: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const row = [i]
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1]
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (isSame ? 0 : 1))
      const isExchanged = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      if (isExchanged) cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      row.push(cost)
    }
    before = last
    last = row
  }
  return (last[other.length] ?? 0) <= most
}
