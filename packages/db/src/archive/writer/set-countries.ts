import { addressKey } from '@bangui/shared'
import { inChunks } from './in-chunks.ts'
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
  const setCountry = sqlite.prepare<[string, number]>(
    `update bans set country = ? where id = ? and country = '??'`,
  )
  return async (located: readonly Located[]): Promise<void> => {
    const bans = located.flatMap(({ address, country }) => {
      const key = addressKey(address)
      return unknown.all(key).map(({ id, at }) => ({ key, country, id, at }))
    })
    await inChunks(store, bans, {
      each: ({ key, country, id, at }) => {
        if (setCountry.run(country, id).changes === 0) return
        rollUps.moveCountry(at, '??', country)
        statements.setAddressCountry.run(country, key)
      },
    })
  }
}
