import type { StreamCommand } from '../dump-config.ts'
import type { ResolvedDefinition, ResolvedJail } from '../resolve-jail.ts'

/** The expressions of a jail or a filter, one by one, and whether it bans names as they are in the log. */
export interface Identifiers {
  readonly regexes: readonly string[]
  readonly isRaw: boolean
  /** what decides which text the expressions get, by option */
  readonly reach: Readonly<Record<string, string>>
}

const regexKeys = ['failregex', 'ignoreregex', 'prefregex'] as const

/** The logs, and what of a line is left for an expression. */
const reachKeys = ['logpath', 'journalmatch', 'prefregex', 'datepattern', 'maxlines', 'logencoding'] as const

/**
 * The groups from which fail2ban takes what it bans (`FAILURE_ID_GROPS` of `failregex.py`, and the `ip` of a ticket) or counts. What
 * they capture is not checked to be an address, and actions have it in their commands without quotes.
 */
const identifiers = new Set(['fid', 'id', 'ip', 'ip4', 'ip6', 'dns', 'host', 'cidr', 'failures', 'matches'])

/**
 * Returns what in an expression names a group that fail2ban bans by; undefined: nothing. `<HOST>`, `<ADDR>`, `<F-IP4/>` and the like
 * name them with a syntax of fail2ban's own, and are none.
 */
export function findIdentifierGroup(regex: string): string | undefined {
  // also in a class or after a backslash, where it is no group; tags apart, since fail2ban fills in those first, wherever they stand
  for (const [text, name = ''] of regex.matchAll(/\(\?P<([^>(]*)>/g))
    if (identifiers.has(bareName(name))) return text
  for (const [text, tag = '', isClosed] of regex.matchAll(/<F-([A-Z0-9_-]+)(\/?)>/g))
    if (isClosed === '/' ? tag === 'ID' : identifiers.has(bareName(tag))) return text
  return undefined
}

/** fail2ban merges `alt_ip4_1` into `ip4`, and the same with `tuple_`. */
const bareName = (name: string) =>
  name
    .toLowerCase()
    .replace(/^(?:alt_|tuple_)+/, '')
    .replace(/_\p{Nd}+$/u, '')

/**
 * Returns what fail2ban would newly ban by, as a part of a sentence: a new expression, or another text for one that is there
 * already; undefined: nothing.
 */
export function findNewIdentifier(before: Identifiers, after: Identifiers): string | undefined {
  if (after.isRaw && !before.isRaw) return 'usedns = raw'
  for (const regex of after.regexes) {
    const group = before.regexes.includes(regex) ? undefined : findIdentifierGroup(regex)
    if (group !== undefined) return `an expression with ${group}`
  }
  const known = after.regexes.map(findIdentifierGroup).find((group) => group !== undefined)
  const changed = reachKeys.find((key) => before.reach[key] !== after.reach[key])
  return known !== undefined && changed !== undefined
    ? `another ${changed} for an expression with ${known}`
    : undefined
}

const reachOf = (valueOf: (key: string) => unknown): Record<string, string> =>
  Object.fromEntries(reachKeys.map((key) => [key, JSON.stringify(valueOf(key) ?? null)]))

const isRaw = (value: string | undefined) => value?.trim().toLowerCase() === 'raw'

/** A prefregex is one expression, the others have one in each line. */
const splitRegexes = (key: string, value: string): string[] =>
  key === 'prefregex' ? [value] : value.split('\n')

/** Returns what a jail bans by, with what its filter gives to it. */
export function identifiersOfJail({ options, filter }: ResolvedJail): Identifiers {
  const valuesOf = (key: string) =>
    [options.get(key)?.value, filter?.values.get(key)?.text].filter((text) => text !== undefined)
  return {
    regexes: regexKeys.flatMap((key) => valuesOf(key).flatMap((text) => splitRegexes(key, text))),
    isRaw: valuesOf('usedns').some(isRaw),
    reach: reachOf(valuesOf),
  }
}

/** Returns what a filter bans by in whatever jail uses it: each of its variables can be a part of an expression. */
export function identifiersOfFilter({ values }: Pick<ResolvedDefinition, 'values'>): Identifiers {
  return {
    regexes: [...values].flatMap(([key, { text }]) => splitRegexes(key, text)),
    isRaw: isRaw(values.get('usedns')?.text),
    reach: reachOf((key) => values.get(key)?.text),
  }
}

const regexVerbs: ReadonlySet<unknown> = new Set(['addfailregex', 'addignoreregex', 'prefregex'])

/** Returns what a jail bans by as fail2ban itself reads it. */
export function identifiersInStream(stream: readonly StreamCommand[], jail: string): Identifiers {
  const own = stream.filter(([, name]) => name === jail)
  const textsOf = (values: readonly unknown[]) => values.flat().filter((value) => typeof value === 'string')
  return {
    regexes: own.filter(([, , verb]) => regexVerbs.has(verb)).flatMap((command) => textsOf(command.slice(3))),
    isRaw: own.some((command) => command[2] === 'usedns' && textsOf(command.slice(3)).some(isRaw)),
    // logs can appear between two readings: their paths are compared as the files have them
    reach: reachOf((key) =>
      own.filter(([, , verb]) => verb === key || (verb === `add${key}` && key !== 'logpath')),
    ),
  }
}
