import type { Family, IptablesRule, PortRange } from '../seen/firewall-seen.ts'

/** Parses one line of `iptables-save -c`; undefined: it is no rule. */
export function parseIptablesRule(line: string, family: Family, table: string): IptablesRule | undefined {
  const [, packets = '0', chain, text = ''] = /^(?:\[(\d+):\d+\] )?-A (\S+)(.*)$/.exec(line) ?? []
  if (chain === undefined) return undefined
  const words = [...text.matchAll(/"((?:\\.|[^"\\])*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  )
  const options = readOptions(words)
  return {
    family,
    table,
    chain,
    source: options.source,
    protocol: options.protocol,
    ports: options.ports,
    conditions: options.conditions,
    set: options.set,
    target: options.target,
    destination: options.destination,
    packets: Number(packets),
    text: `-A ${chain}${text}`,
  }
}

interface Options {
  source: string | null
  protocol: string | null
  ports: readonly PortRange[] | null
  set: string | null
  target: string
  destination: string | null
  readonly conditions: string[]
}

/** Options of targets that say nothing about which packets are meant. */
const aboutTargets = new Set(['--reject-with', '--comment', '--log-prefix', '--log-level'])

function readOptions(words: readonly string[]): Options {
  const found: Options = {
    source: null,
    protocol: null,
    ports: null,
    set: null,
    target: '',
    destination: null,
    conditions: [],
  }
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    const value = words[at + 1] ?? ''
    if (word === '-s') found.source = value
    else if (word === '-p') found.protocol = value
    else if (word === '-j' || word === '-g') found.target = value
    else if (word === '--dport' || word === '--dports') found.ports = parsePorts(value)
    else if (word === '--match-set') found.set = value
    else if (word === '--to-destination')
      found.destination = value.replace(/:[\d-]+$/, '').replace(/^\[|\]$/g, '')
    else if (word === '!' || (word.startsWith('-') && word !== '-m' && !aboutTargets.has(word)))
      found.conditions.push(`${word} ${value}`)
  }
  return found
}

/** Parses ports as iptables writes them: `22,80:443`. */
export const parsePorts = (text: string): PortRange[] =>
  text.split(',').flatMap((part): PortRange[] => {
    const [from = '', to = from] = part.split(':', 2)
    return /^\d+$/.test(from) && /^\d+$/.test(to) ? [[Number(from), Number(to)]] : []
  })
