import type { FirewallSet } from '../seen/firewall-seen.ts'

/** Returns the sets of `ipset list -o xml`: its form is that of one element a line, and needs no parser of XML. */
export function parseIpset(text: string): FirewallSet[] {
  return text
    .split('<ipset name="')
    .slice(1)
    .map((part) => ({
      table: '',
      name: part.slice(0, part.indexOf('"')),
      entries: [...part.matchAll(/<elem>([^<]+)<\/elem>/g)].map(([, entry = '']) => entry),
      limit: numberIn(part, 'maxelem'),
      isUsed: (numberIn(part, 'references') ?? 0) > 0,
    }))
}

function numberIn(part: string, element: string): number | null {
  const [, digits] = new RegExp(`<${element}>(\\d+)</${element}>`).exec(part) ?? []
  return digits === undefined ? null : Number(digits)
}
