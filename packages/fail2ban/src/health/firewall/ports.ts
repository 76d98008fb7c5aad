import { readFileSync } from 'node:fs'
import type { PortRange } from '../seen/firewall-seen.ts'

/** The ports of the stock configuration that have names (services(5)); the machine's own list is read where it is there. */
const wellKnown: ReadonlyMap<string, number> = new Map([
  ['ftp', 21],
  ['ftp-data', 20],
  ['ftps', 990],
  ['ftps-data', 989],
  ['ssh', 22],
  ['telnet', 23],
  ['smtp', 25],
  ['domain', 53],
  ['http', 80],
  ['pop3', 110],
  ['imap', 143],
  ['imap2', 143],
  ['https', 443],
  ['smtps', 465],
  ['submissions', 465],
  ['urd', 465],
  ['submission', 587],
  ['imaps', 993],
  ['pop3s', 995],
  ['mysql', 3306],
  ['sieve', 4190],
  ['sip', 5060],
])

/** Parses a port list of fail2ban: `ssh,2222,6000:6010`; undefined: it has a name that is not known. */
export function portsOf(
  text: string,
  names: ReadonlyMap<string, number> = serviceNames(),
): PortRange[] | undefined {
  const ports: PortRange[] = []
  for (const part of text.split(/[\s,]+/).filter((word) => word !== '')) {
    const [from, to] = part.split(/[:-](?=\d)/, 2).map((word) => numberOf(word, names))
    const whole = numberOf(part, names)
    if (whole !== undefined) ports.push([whole, whole])
    else if (from !== undefined && to !== undefined) ports.push([from, to])
    else return undefined
  }
  return ports
}

const numberOf = (word: string, names: ReadonlyMap<string, number>): number | undefined =>
  /^\d{1,5}$/.test(word) ? Number(word) : names.get(word.toLowerCase())

/** Returns whether a port is in one of some ranges. */
export const isInPorts = (port: number, ranges: readonly PortRange[]): boolean =>
  ranges.some(([from, to]) => from <= port && port <= to)

let known: ReadonlyMap<string, number> | undefined

/** Read once: the list is a part of the distribution. */
function serviceNames(): ReadonlyMap<string, number> {
  known ??= new Map([...wellKnown, ...readServices()])
  return known
}

function readServices(): [string, number][] {
  try {
    return readFileSync('/etc/services', 'utf8')
      .split('\n')
      .flatMap((line): [string, number][] => {
        const [, name = '', port = '', aliases = ''] =
          /^([\w+.-]+)\s+(\d+)\/(?:tcp|udp)([^#]*)/.exec(line) ?? []
        if (name === '') return []
        return [name, ...aliases.split(/\s+/)]
          .filter((word) => word !== '')
          .map((word) => [word.toLowerCase(), Number(port)])
      })
  } catch {
    // not there: the ports of the stock configuration are known
    return []
  }
}
