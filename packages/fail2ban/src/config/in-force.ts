import { type EffectiveSetting, parseAddress } from '@bangui/shared'
import { foldHostTags } from '../filter-commands.ts'
import { evaluatedSeconds } from './evaluated-seconds.ts'
import { parseWhole } from './list-jails.ts'
import { isYes } from './options.ts'

/** What the daemon has for some options, as it returns them, by key. */
export type ValuesInForce = ReadonlyMap<string, unknown>

/** Returns the value in force of an option where it differs from that of the files; null: it does not, or nobody can tell. */
export function differenceOf(
  { key, value }: Pick<EffectiveSetting, 'key' | 'value'>,
  inForce: ValuesInForce,
): string | null {
  const now = inForce.get(key)
  const compare = comparisons[key]
  if (compare !== undefined) return compare(value, now)
  if (typeof now === 'boolean') return isYes(value) === now ? null : String(now)
  if (typeof now !== 'number') return null
  const configured = parseWhole(value)
  return configured === undefined || configured === now ? null : String(now)
}

type Comparison = (configured: string, now: unknown) => string | null

/** Returns whether a value is a list of texts. */
export const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')

const seconds =
  (whole: (seconds: number) => number): Comparison =>
  (configured, now) => {
    const found = evaluatedSeconds(configured)
    if (typeof now !== 'number' || found.kind !== 'number') return null
    return whole(found.value) === now ? null : String(now)
  }

const sameText =
  (normal: (text: string) => string): Comparison =>
  (configured, now) =>
    typeof now !== 'string' || normal(configured) === normal(now) ? null : now

const expressions: Comparison = (configured, now) => {
  const texts = typeof now === 'string' ? (now === '' ? [] : [now]) : now
  if (!isTexts(texts)) return null
  const wanted = configured.split('\n').filter((text) => text !== '')
  const isSame =
    wanted.length === texts.length &&
    wanted.every((text, index) => asCompiled(text) === alike(foldHostTags(texts[index] ?? '')))
  return isSame ? null : texts.map(foldHostTags).join('\n')
}

/** fail2ban takes every other word for no (`setUseDns` in `filter.py`). */
const lookupOf = (value: string): string => {
  const word = value.toLowerCase()
  return ['yes', 'warn', 'raw'].includes(word) ? word : 'no'
}

const comparisons: Readonly<Record<string, Comparison>> = {
  bantime: seconds(Math.trunc),
  findtime: seconds((value) => value),
  dbpurgeage: seconds((value) => value),
  usedns: sameText(lookupOf),
  ignorecommand: sameText((text) => text),
  loglevel: sameText((text) => text.toUpperCase()),
  logtarget: sameText((text) =>
    /^(?:STDOUT|STDERR|SYSOUT|SYSLOG|SYSTEMD-JOURNAL)$/i.test(text) ? text.toUpperCase() : text,
  ),
  dbfile: sameText((text) => text),
  failregex: expressions,
  ignoreregex: expressions,
  prefregex: expressions,
  ignoreip: (configured, now) => {
    if (!isTexts(now)) return null
    const canonical = (text: string) => parseAddress(text)?.text
    const wanted = configured.split(/[\s,]+/).map(canonical)
    // the daemon has other forms of host names and files
    const found = now.map(canonical)
    const isMissing = wanted.some((text) => text !== undefined && !found.includes(text))
    return isMissing || found.some((text) => text !== undefined && !wanted.includes(text))
      ? now.join(' ')
      : null
  },
  logpath: (configured, now) => {
    // without files, the jail reads the journal
    if (!isTexts(now) || now.length === 0) return null
    const patterns = configured
      .split('\n')
      .map((line) => line.replace(/ (?:head|tail)$/, '').trim())
      .filter((line) => line !== '')
    const matchers = patterns.map(globMatcher)
    // a file that a pattern could name as well may have appeared after the load
    return now.every((path) => matchers.some((matches) => matches(path))) ? null : now.join('\n')
  },
}

/** Matches a path as Python's `glob` does. */
function globMatcher(pattern: string): (path: string) => boolean {
  const source = pattern.replaceAll(/\*+|\?|\[[!^]?[^\]/]+\]|[\\^$.|+(){}[\]]/g, (part) => {
    if (part.startsWith('*')) return '[^/]*'
    if (part === '?') return '[^/]'
    if (part.length > 1) return part.replace(/^\[[!^]/, '[^').replaceAll('\\', String.raw`\\`)
    return `\\${part}`
  })
  const expression = new RegExp(`^${source}$`)
  return (path) => path === pattern || expression.test(path)
}

const groupNames: Readonly<Record<string, string>> = { id: 'fid', port: 'fport' }

/** Tags that fail2ban replaces by expressions of its own, in the form that {@link foldHostTags} gives them. */
const ownTags: Readonly<Record<string, string>> = {
  'F-IP4/': '<IP4>',
  'F-IP6/': '<IP6>',
  'F-ADDR/': '<ADDR>',
  'F-DNS/': '<DNS>',
  'F-ID/': String.raw`(?P<fid>\S+)`,
  'F-PORT/': String.raw`(?P<fport>\w+)`,
  CIDR: String.raw`(?P<cidr>\d+)`,
  'F-CIDR/': String.raw`(?P<cidr>\d+)`,
}

/** An expression as fail2ban returns it, with the tags of addresses as their author writes them (`Regex` of `failregex.py`). */
function asCompiled(expression: string): string {
  const open = new Set<string>()
  let lines = 0
  const filled = expression.replaceAll(/<(\/?[\w-]+\/?)>/g, (tag, name: string) => {
    const own = ownTags[name]
    if (own !== undefined) return own
    if (name === 'SKIPLINES') return String.raw`\n(?P<skiplines${lines++}>(?:(?:.*\n)*?))`
    const [, slash, custom = ''] = /^(\/?)F-([A-Z0-9_-]+)$/.exec(name) ?? []
    if (custom === '') return tag
    if (slash === '/') return open.has(custom) ? ')' : tag
    open.add(custom)
    const group = custom.toLowerCase()
    return `(?P<${groupNames[group] ?? group}>`
  })
  return alike(filled)
}

/** Versions from 1.0 on narrow global flags; without the look-up of names, `<HOST>` is what `<ADDR>` is. */
const alike = (expression: string) =>
  expression.replaceAll(/(?<!\\)\((?:\?:)?(\(\?[a-z]+)\)/g, '$1:').replaceAll('<HOST>', '<ADDR>')
