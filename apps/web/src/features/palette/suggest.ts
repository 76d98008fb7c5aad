import { parseAddress } from '@bangui/shared'
import { countryName } from '../../lib/country.ts'
import { findCountry } from '../../lib/country-search.ts'
import { addressHref } from '../../lib/address-path.ts'
import type { Command } from './match.ts'

const group = 'Search'

/** Returns searches for the text: an address or network, the bans of a country, or the text in the lists. */
export function suggestCommands(typed: string, navigate: (path: string) => void): Command[] {
  const text = typed.trim()
  if (text === '') return []
  const go = (id: string, label: string, path: string): Command => ({
    id: `search-${id}`,
    group,
    label,
    run: () => navigate(path),
  })
  const address = parseAddress(text)
  if (address) return [go('address', `Everything about ${address.text}`, addressHref(address.text))]
  const code = /^[a-z]{2}$/i.test(text) && isCountry(text) ? text.toUpperCase() : findCountry(text)
  if (code !== undefined)
    return [
      go('bans', `Bans from ${countryName(code)}`, `/bans?search=${code}`),
      go('activity', `Activity from ${countryName(code)}`, `/activity?country=${code}`),
    ]
  const search = encodeURIComponent(text.slice(0, 200))
  return [
    go('bans', `Search the bans for “${text}”`, `/bans?search=${search}`),
    go('activity', `Search the history for “${text}”`, `/activity?search=${search}`),
  ]
}

/** Returns whether two letters are the code of a country. */
const isCountry = (code: string) => countryName(code.toUpperCase()) !== code.toUpperCase()
