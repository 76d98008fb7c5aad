import type { BanFilter } from '../reader-port.ts'
import { manualJails } from './extensions.ts'
import { inJails, jailsOf, whereOf, withNames, type SqlCondition } from './filter.ts'
import type { Reading } from './reading.ts'

/** The bans in force whose note has a text. Few bans have a note, so that the index is small. */
const noted = (join = '') => `from bans n indexed by bans_noted ${join}
  where n.active = 1 and n.reason is not null and has_text(n.reason, ?)`

/**
 * Matches a text that is part of the name of a ban's jail or of its note; where no jail's name contains it, also the start of a
 * banned name. The note of a ban that makes another one last longer counts for both.
 */
export function whereText(reading: Reading, text: string, { addresses }: BanFilter): SqlCondition {
  const names = addresses === undefined ? withNames(reading, { text }).addresses : undefined
  const named = names === undefined ? inJails(jailsOf(reading, { text })) : whereOf({ addresses: names })
  if (reading.get(`select 1 ${noted()} limit 1`, text) === undefined) return named
  const hostOfBan = '(select k.host_id from archive_jails k where k.id = b.jail_id)'
  const extended = `select n.address, m.host_id ${noted('join archive_jails m on m.id = n.jail_id')} and n.jail_id in ${manualJails}`
  return {
    conditions: [
      `((${named.conditions.join(' and ')}) or b.id in (select n.id ${noted()}) or (b.address, ${hostOfBan}) in (${extended}))`,
    ],
    parameters: [...named.parameters, text, text],
  }
}
