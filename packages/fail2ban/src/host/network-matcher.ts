import { parseAddress, type Address } from '@bangui/shared'

/**
 * Makes the function that gives the text of each of many networks that holds an address or smaller network. Its cost
 * grows with the different lengths of their prefixes, not with their number.
 */
export function createNetworkMatcher(networks: readonly Address[]): (address: Address) => readonly string[] {
  const texts = new Set(networks.map(({ text }) => text))
  const prefixesOf = (family: 4 | 6) => [
    ...new Set(networks.filter((network) => network.family === family).map(({ prefix }) => prefix)),
  ]
  const prefixes = { 4: prefixesOf(4), 6: prefixesOf(6) }
  return ({ text, family, prefix }) => {
    const [host = ''] = text.split('/')
    return prefixes[family]
      .filter((wider) => wider <= prefix)
      .map((wider) => parseAddress(`${host}/${wider}`)?.text ?? '')
      .filter((network) => texts.has(network))
  }
}
