import { isHostName, isWholeFamily, parseAddress, type Address } from '@bangui/shared'
import { CommandError } from '../wire/encode-command.ts'

/** Returns addresses in canonical text, each once. @throws CommandError for any other text: fail2ban would accept it as it is */
export function canonicalOnly(texts: readonly string[]): Address[] {
  const addresses = [...new Set(texts)].map((text) => {
    const address = parseAddress(text)
    if (address?.text !== text) throw new CommandError('That is not an address or network in canonical form.')
    return address
  })
  return addresses
}

/** Returns canonical texts of addresses that fail2ban can ban or ignore, each once. @throws CommandError for anything else */
export function usableOnly(texts: readonly string[]): string[] {
  const addresses = canonicalOnly(texts)
  if (addresses.some(isWholeFamily))
    throw new CommandError('fail2ban takes a network of length 0 for a single address.')
  return addresses.map(({ text }) => text)
}

/** Returns what can be removed from an ignore list: canonical addresses and host names, each once. @throws CommandError for anything else */
export function removableOnly(texts: readonly string[]): string[] {
  const names = [...new Set(texts)].filter((text) => parseAddress(text) === undefined && isHostName(text))
  return [...canonicalOnly(texts.filter((text) => !names.includes(text))).map(({ text }) => text), ...names]
}
