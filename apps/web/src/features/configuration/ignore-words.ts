import { contains, isHostName, isWholeFamily, parseAddress } from '@bangui/shared'

/** What stands in an ignore list. */
export type IgnoreKind = 'address' | 'network' | 'name' | 'file' | 'reference' | 'other'

/** Splits an ignore list as fail2ban does. */
export const splitIgnores = (value: string): string[] => value.split(/[\s,]+/).filter((word) => word !== '')

/** Returns what a word of an ignore list is. */
export function ignoreKindOf(word: string): IgnoreKind {
  if (word.startsWith('file:')) return 'file'
  if (/^%\([\w./-]+\)s$/.test(word)) return 'reference'
  const address = parseAddress(word)
  if (address !== undefined) return address.text.includes('/') ? 'network' : 'address'
  return isHostName(word) && /^[\w.-]+$/.test(word) ? 'name' : 'other'
}

/** Returns why a word cannot be added to an ignore list, as a sentence; undefined: it can. */
export function whyNotIgnored(
  word: string,
  { words, mayRunAll }: { readonly words: readonly string[]; readonly mayRunAll: boolean },
): string | undefined {
  const kind = ignoreKindOf(word)
  if (kind === 'other') return 'Enter an address, a network such as 192.0.2.0/24, or a host name.'
  if (!mayRunAll && (kind === 'file' || (kind === 'reference' && word !== '%(known/ignoreip)s')))
    return 'Files and references to other options need BANGUI_CONFIG_WRITE=all on the host.'
  const address = parseAddress(word)
  if (address !== undefined && isWholeFamily(address))
    return 'With this network, nobody would ever be banned.'
  const isThere = words.some((each) => each === word || parseAddress(each)?.text === (address?.text ?? null))
  return isThere ? 'This entry is already in the list.' : undefined
}

/** Returns which of some addresses a word of an ignore list covers. */
export function coveredBy(word: string, addresses: readonly string[]): string[] {
  const network = parseAddress(word)
  if (network === undefined) return []
  return addresses.filter((text) => {
    const address = parseAddress(text)
    return address !== undefined && contains(network, address)
  })
}
