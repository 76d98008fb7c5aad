import ipaddr from 'ipaddr.js'
import { parseAddress, type Address } from './address.ts'
import { keyRangeOf, type KeyRange } from './address-key.ts'
import { coverRangeOf, type CoverRange } from './cover.ts'

/** What a search box contains, parsed. */
export interface Search {
  readonly jail?: string
  /** two letters in capitals, or `??` for unknown */
  readonly country?: string
  /** the address or network in the text */
  readonly address?: Address
  /** the keys to look up: of `address` and the networks that contain it, or of a beginning such as `203.0.` */
  readonly addresses?: KeyRange & Partial<CoverRange>
  /** a part of a jail's name, or, where bans in force are searched, of a note */
  readonly text?: string
  /** a sentence: what could not be parsed and was ignored */
  readonly problem?: string
}

type Part = Search | undefined

/**
 * Parses words separated by blanks: `jail:sshd` (`jail:"my jail"`), `country:DE` or two letters, an address, a network (`203.0.113.0/24`),
 * the beginning of an address (`203.0.`, `2001:db8:`); all other words are one text. Never throws.
 */
export function parseSearch(text: string): Search {
  const search: { -readonly [TKey in keyof Search]: Search[TKey] } = {}
  const problems: string[] = []
  for (const word of wordsOf(text)) {
    const part = readWord(word)
    const again = Object.keys(part).find((key) => key !== 'problem' && key in search)
    if (part.problem !== undefined) problems.push(part.problem)
    else if (again === 'text') search.text = `${search.text} ${part.text}`
    else if (again === undefined) Object.assign(search, part)
    else problems.push(`“${word}” is left out: only one ${nameOf(again)} at a time.`)
  }
  if (problems.length > 0) search.problem = problems.join(' ')
  return search
}

/** Quotes keep words with blanks together: `jail:"my jail"`. */
const wordsOf = (text: string): string[] =>
  [...text.matchAll(/(?:[^\s"]|"[^"]*"?)+/g)]
    .map(([word]) => word.replaceAll('"', ''))
    .filter((word) => word.trim() !== '')

const nameOf = (key: string) => (key === 'addresses' ? 'address' : key)

function readWord(word: string): Search {
  return readNamed(word) ?? readAddress(word) ?? readCountry(word) ?? { text: word }
}

function readNamed(word: string): Part {
  const [, name = '', value = ''] = /^(jail|country):(.*)$/i.exec(word) ?? []
  if (name === '') return undefined
  if (value === '') return { problem: `“${word}” needs a value after the colon.` }
  if (name.toLowerCase() === 'jail') return { jail: value }
  return readCountry(value) ?? { problem: `“${value}” is not a country code. Use two letters, such as DE.` }
}

const readCountry = (word: string): Part =>
  /^(?:[a-z]{2}|\?\?)$/i.test(word) ? { country: word.toUpperCase() } : undefined

function readAddress(word: string): Part {
  const prefix = readIpv4Beginning(word) ?? readIpv6Beginning(word)
  if (prefix) return { addresses: prefix }
  const address = parseAddress(word)
  if (address) return { address, addresses: coverRangeOf(address) }
  if (/^[0-9a-f.:]+\/[0-9]*$/i.test(word)) return { problem: `“${word}” is not a valid network.` }
  return undefined
}

/** Parses one to three numbers; the last dot may be missing. */
function readIpv4Beginning(word: string): KeyRange | undefined {
  if (!/^[0-9]{1,3}(?:\.[0-9]{1,3}){0,2}\.?$/.test(word)) return undefined
  const numbers = word.split('.').filter(Boolean)
  const address = parseAddress([...numbers, 0, 0, 0].slice(0, 4).join('.'))
  return address && rangeOf(address, numbers.length * 8)
}

/** Parses up to seven complete groups; `::` at the end leaves the rest open. */
function readIpv6Beginning(word: string): KeyRange | undefined {
  if (!/^[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6}::?$|^[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){1,6}$/i.test(word))
    return undefined
  const groups = word.split(':').filter(Boolean)
  const text = [...groups, ...Array<string>(8 - groups.length).fill('0')].join(':')
  return ipaddr.IPv6.isValid(text) ? rangeOf(parseAddress(text), groups.length * 16) : undefined
}

/** Returns the keys that begin with these bits; a wider network that begins there is not among them. */
function rangeOf(address: Address | undefined, bits: number): KeyRange | undefined {
  const network = address && parseAddress(`${address.text}/${bits}`)
  return network && keyRangeOf(network)
}
