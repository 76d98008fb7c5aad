import type { FirewallSet } from '../seen/firewall-seen.ts'

type Json = { readonly [key: string]: unknown }

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Returns the sets of `nft -j list ruleset` or `list table`. @throws SyntaxError where that is not JSON */
export function parseNftables(text: string): FirewallSet[] {
  const parsed: unknown = JSON.parse(text)
  const items = isObject(parsed) && Array.isArray(parsed['nftables']) ? (parsed['nftables'] as unknown[]) : []
  const used = new Set<string>()
  const sets: Json[] = []
  for (const item of items) {
    if (!isObject(item)) continue
    if (isObject(item['rule'])) noteSets(item['rule'], used)
    if (isObject(item['set'])) sets.push(item['set'])
  }
  return sets.map((set) => {
    const table = `${textOf(set['family'])} ${textOf(set['table'])}`
    const name = textOf(set['name'])
    return {
      table,
      name,
      entries: Array.isArray(set['elem']) ? (set['elem'] as unknown[]).flatMap(entryOf) : [],
      limit: typeof set['size'] === 'number' ? set['size'] : null,
      isUsed: used.has(`${table} ${name}`),
    }
  })
}

/** A rule names a set of its own table as `@name`. */
function noteSets(rule: Json, used: Set<string>): void {
  const table = `${textOf(rule['family'])} ${textOf(rule['table'])}`
  const visit = (value: unknown): void => {
    if (typeof value === 'string' && value.startsWith('@')) used.add(`${table} ${value.slice(1)}`)
    else if (Array.isArray(value)) value.forEach(visit)
    else if (isObject(value)) Object.values(value).forEach(visit)
  }
  visit(rule['expr'])
}

/** An element is an address, a network, a range, or one of these with its time. */
function entryOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (!isObject(value)) return []
  const { elem, prefix, range } = value
  if (isObject(elem)) return entryOf(elem['val'])
  if (isObject(prefix) && typeof prefix['len'] === 'number')
    return [`${textOf(prefix['addr'])}/${prefix['len']}`]
  if (Array.isArray(range)) return [range.map(textOf).join('-')]
  return []
}
