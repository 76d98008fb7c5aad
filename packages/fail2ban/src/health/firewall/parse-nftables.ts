import type { ForwardedPorts, NftablesSeen, PortRange } from '../seen/firewall-seen.ts'

type Json = { readonly [key: string]: unknown }

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Returns the sets and the forwarded ports of `nft -j list ruleset` or `list table`. @throws SyntaxError where that is not JSON */
export function parseNftables(text: string): NftablesSeen {
  const parsed: unknown = JSON.parse(text)
  const items = isObject(parsed) && Array.isArray(parsed['nftables']) ? (parsed['nftables'] as unknown[]) : []
  const used = new Set<string>()
  const found: Json[] = []
  const forwarded: ForwardedPorts[] = []
  for (const item of items) {
    if (!isObject(item)) continue
    if (isObject(item['rule'])) {
      noteSets(item['rule'], used)
      forwarded.push(...forwardedBy(item['rule']))
    }
    if (isObject(item['set'])) found.push(item['set'])
  }
  const sets = found.map((set) => {
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
  return { sets, forwarded }
}

/** Of a rule that iptables made (`xt`), nft does not show where to. */
function forwardedBy(rule: Json): ForwardedPorts[] {
  const parts = Array.isArray(rule['expr']) ? (rule['expr'] as unknown[]).filter(isObject) : []
  const target = parts.map(({ dnat }) => dnat).find(isObject)
  const isOfIptables = parts.some(({ xt }) => isObject(xt) && xt['name'] === 'DNAT')
  if (target === undefined && !isOfIptables) return []
  const matched = (field: string) =>
    parts
      .map(({ match }) => match)
      .filter(isObject)
      .find(({ left, op }) => op === '==' && isObject(left) && fieldOf(left) === field)?.['right']
  const ports = portsIn(matched('dport'))
  if (ports.length === 0) return []
  const text = `${textOf(rule['family'])} ${textOf(rule['table'])} ${textOf(rule['chain'])}: dport ${ports.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(', ')} DNAT`
  const destination = target === undefined ? '' : textOf(target['addr'])
  return [{ ports, address: textOf(matched('daddr')) || null, destination: destination || null, text }]
}

const fieldOf = ({ payload }: Json): string => (isObject(payload) ? textOf(payload['field']) : '')

/** A number, a range, or a set of both. */
function portsIn(value: unknown): PortRange[] {
  if (typeof value === 'number') return [[value, value]]
  if (!isObject(value)) return []
  const { range, set } = value
  if (Array.isArray(set)) return (set as unknown[]).flatMap(portsIn)
  if (!Array.isArray(range)) return []
  const [from, to] = range as unknown[]
  return typeof from === 'number' && typeof to === 'number' ? [[from, to]] : []
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
