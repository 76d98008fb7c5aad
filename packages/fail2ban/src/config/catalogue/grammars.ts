import { isHostName, isWholeFamily, parseAddress, parseDuration } from '@bangui/shared'
import type { CatalogueOption, Grammar, OptionType } from './catalogue-option.ts'

const plain = (says: string, pattern: RegExp): Grammar => ({
  says,
  pattern: pattern.source,
  accepts: (value) => pattern.test(value),
})

const listOf = (says: string, word: RegExp): Grammar => ({
  says,
  accepts: (value) => value.split(/[ ,\n]+/).every((each) => each === '' || word.test(each)),
})

const switchGrammar = plain(
  'yes or no',
  /^(?:true|True|TRUE|false|False|FALSE|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|1|0)$/,
)

const wholeGrammar = plain('a whole number', /^-?\d{1,9}$/)

const numberGrammar = plain('a number', /^\d{1,9}(?:\.\d{1,9})?$/)

const durationGrammar: Grammar = {
  says: 'a duration such as 10m or 1d 12h, or -1',
  accepts: (value) => parseDuration(value) !== undefined,
}

const choiceGrammar = (choices: readonly string[]): Grammar => ({
  says: `one of ${choices.join(', ')}`,
  accepts: (value) => choices.some((choice) => choice.toLowerCase() === value.toLowerCase()),
})

export const multipliersGrammar = listOf('whole numbers', /^\d{1,9}$/)

// a text that begins with "-" could be read as an option of the command
export const portGrammar = plain(
  'port names and numbers, such as ssh,2222 or 8000:8010',
  /^[a-z0-9][a-z0-9,:_-]{0,499}$/,
)

export const protocolGrammar = plain(
  'one or more of tcp, udp, icmp, icmpv6, sctp and all',
  /^(?:tcp|udp|icmp|icmpv6|sctp|all)(?:,(?:tcp|udp|icmp|icmpv6|sctp|all))*$/,
)

export const chainGrammar = plain('a chain name, such as INPUT', /^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/)

export const mailGrammar = plain(
  'an email address, such as root@example.com',
  /^[A-Za-z0-9_][A-Za-z0-9.@_+-]{0,253}$/,
)

export const encodingGrammar = plain('an encoding name, such as utf-8', /^[A-Za-z0-9][\w.-]{0,31}$/)

export const timezoneGrammar = plain('a time zone, such as UTC+0200', /^(?:[A-Za-z0-9+-][\w:+-]{0,31})?$/)

export const cacheGrammar: Grammar = {
  says: 'text of the form key="<ip>", max-count=100, max-time=5m',
  accepts: (value) => {
    const [, time] = /^key="<ip>", ?max-count=\d{1,7}, ?max-time=([a-z0-9 ]{1,40})$/.exec(value) ?? []
    return value === '' || (time !== undefined && parseDuration(time) !== undefined)
  },
}

/** The list that an option overrides, which another place has set already. */
const KNOWN_IGNORES = '%(known/ignoreip)s'

export const ignoreGrammar: Grammar = {
  says: 'addresses, networks and host names',
  accepts: (value) =>
    value.split(/[ ,\n]+/).every((word) => word === '' || word === KNOWN_IGNORES || isIgnored(word)),
}

function isIgnored(word: string): boolean {
  const address = parseAddress(word)
  return address === undefined ? isHostName(word) && /^[\w.-]+$/.test(word) : !isWholeFamily(address)
}

/** Wildcards are allowed in the last name of a path: which files they match is looked at beside this. */
const logPath = /^\/(?:[\w.@+:-]+\/)*[\w.@+:*?-]+(?: (?:head|tail))?$/

export const pathsGrammar: Grammar = {
  says: 'absolute paths of log files, one per line, each optionally followed by head or tail',
  accepts: (value) =>
    value.split('\n').every((line) => line === '' || (logPath.test(line) && !/\/\.\.?(?:\/|$| )/.test(line))),
}

export const filterGrammar = plain(
  'a filter name, optionally with plain parameters such as [mode=aggressive]',
  /^(?:[A-Za-z0-9_][\w.-]{0,127}(?:\[[\w-]{1,64}=(?:"[\w./:@+-]*"|[\w./:@+-]*)(?:, ?[\w-]{1,64}=(?:"[\w./:@+-]*"|[\w./:@+-]*))*\])?)?$/,
)

/** Patterns and the like: they run nothing, and can have any printable character. */
const freeGrammar: Grammar = {
  says: 'text without control characters',
  accepts: (value) => !/[^\P{Cc}\n\t]|[\u2028\u2029]/u.test(value),
}

/** What an expression would newly ban by is looked at beside this, with everything filled in. */
const regexGrammar: Grammar = {
  ...freeGrammar,
  says: 'text without control characters and without any new group that fail2ban bans by, such as (?P<ip4>...) or <F-ID>',
}

/**
 * The actions of fail2ban that only add and remove rules of a firewall, each with the parameters that its `jail.conf` gives them. A
 * choice among those that are installed runs nothing else.
 */
export const firewallActions: readonly string[] = [
  'nftables',
  'nftables-multiport',
  'nftables-allports',
  'iptables',
  'iptables-multiport',
  'iptables-allports',
  'iptables-new',
  'iptables-multiport-log',
  'iptables-ipset',
  'iptables-ipset-proto4',
  'iptables-ipset-proto6',
  'iptables-ipset-proto6-allports',
  'firewallcmd-multiport',
  'firewallcmd-allports',
  'firewallcmd-ipset',
  'firewallcmd-new',
  'firewallcmd-rich-rules',
  'firewallcmd-rich-logging',
  'shorewall',
  'shorewall-ipset-proto6',
  'ufw',
  'route',
  'hostsdeny',
]

export const firewallActionGrammar: Grammar = {
  says: 'the name of a firewall action that comes with fail2ban and is installed, such as nftables-multiport',
  pattern: `^(?:${firewallActions.join('|')})$`,
  accepts: (value) => firewallActions.includes(value),
}

/** The formulas of growing ban times that BanGUI knows: fail2ban's own default, and the two examples of its `jail.conf`. */
export const knownFormulas = [
  'ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor',
  'ban.Time * math.exp(float(ban.Count+1)*banFactor)/math.exp(1*banFactor)',
  'ban.Time * (ban.Count+1) * banFactor',
] as const

export const formulaGrammar: Grammar = {
  says: 'one of the formulas that BanGUI knows',
  accepts: (value) => knownFormulas.some((formula) => formula === value),
}

/** Options that can run commands or code, of which only values of a list are allowed. */
export const choiceKeys: ReadonlySet<string> = new Set(['banaction', 'banaction_allports', 'bantime.formula'])

/** With `raw`, anything in a log could be banned as a name. */
export const lookupGrammar = plain('yes, warn or no', /^(?:yes|warn|no)$/i)

/** Returns the plain values of an option. */
export function grammarOf({
  grammar: own,
  type,
  choices,
}: Pick<CatalogueOption, 'grammar' | 'type' | 'choices'>): Grammar {
  if (own !== undefined) return own
  if (choices !== undefined) return choiceGrammar(choices)
  return ofType[type] ?? freeGrammar
}

const ofType: Partial<Record<OptionType, Grammar>> = {
  switch: switchGrammar,
  'whole number': wholeGrammar,
  number: numberGrammar,
  seconds: durationGrammar,
  regexes: regexGrammar,
}

/** Returns whether a grammar allows nearly any text. */
export const isFree = (grammar: Grammar): boolean => grammar === freeGrammar || grammar === regexGrammar
