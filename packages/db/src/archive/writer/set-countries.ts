import { addressKey } from '@bangui/shared'
import { inChunks } from './in-chunks.ts'
import type { Connection, Store } from './store.ts'

interface Located {
  readonly address: string
  readonly country: string
}

interface UnknownBan {
  readonly id: number
  readonly at: number
  readonly origin: number
  readonly hostId: number
}

/** Prepares setting the country of bans that have none, on every host: where an address is depends on no host. */
export function createSetCountries({ sqlite }: Connection, storeOf: (hostId: number) => Store) {
  const unknown = sqlite.prepare<[Uint8Array], UnknownBan>(
    `select b.id, coalesce(b.began_at, b.at) as at, b.origin, j.host_id as hostId from bans b indexed by bans_identity
      join archive_jails j on j.id = b.jail_id where b.address = ? and b.country = '??'`,
  )
  const setCountry = sqlite.prepare<[string, number]>(
    `update bans set country = ? where id = ? and country = '??'`,
  )
  return async (located: readonly Located[]): Promise<void> => {
    const bans = located.flatMap(({ address, country }) => {
      const key = addressKey(address)
      return unknown.all(key).map((ban) => ({ ...ban, key, country }))
    })
    for (const [hostId, own] of Map.groupBy(bans, (ban) => ban.hostId)) {
      const store = storeOf(hostId)
      await inChunks(store, own, {
        each: ({ key, country, id, at, origin }) => {
          if (setCountry.run(country, id).changes === 0) return
          store.rollUps.moveCountry({ at, origin }, '??', country)
          store.statements.setAddressCountry.run(country, key, hostId)
        },
      })
    }
  }
}
