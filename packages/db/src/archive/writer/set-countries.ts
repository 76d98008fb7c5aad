import { addressKey } from '@bangui/shared'
import { inSlices } from './in-slices.ts'
import type { Store } from './store.ts'

interface Located {
  readonly address: string
  readonly country: string
}

/** Prepares setting the country of bans that have none. */
export function createSetCountries(store: Store) {
  const { sqlite, rollUps, statements } = store
  const unknown = sqlite.prepare<[Uint8Array], { id: number; at: number }>(
    `select id, at from bans where address = ? and country = '??'`,
  )
  const setCountry = sqlite.prepare<[string, number]>('update bans set country = ? where id = ?')
  const each = ({ address, country }: Located) => {
    const key = addressKey(address)
    const bans = unknown.all(key)
    for (const { id, at } of bans) {
      setCountry.run(country, id)
      rollUps.moveCountry(at, '??', country)
    }
    if (bans.length > 0) statements.setAddressCountry.run(country, key)
  }
  return (countries: readonly Located[]) => inSlices(store, countries, { each })
}
