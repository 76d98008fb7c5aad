import { addressKey, type Event, type StoredEvent } from '@bangui/shared'
import type { ActiveBan, SyncOptions } from '../archive.ts'
import { addedEvent } from './added-event.ts'
import { endOf, isRestored } from './ban-rows.ts'
import { endBan, type Ending } from './end-ban.ts'
import { takeBan } from './import-bans.ts'
import { tellInSlices } from './in-slices.ts'
import { takeIntent } from './intents.ts'
import type { BanRow } from './statements.ts'
import type { Store } from './store.ts'

/**
 * Makes the bans in force of a jail those that the daemon has; gives the events. Where it is cut off after a part, as by
 * a disk that is full, that part's events are given, since they are stored: the rest is put right the next time.
 */
export async function syncActive(store: Store, jail: string, wanted: Wanted): Promise<StoredEvent[]> {
  const stored: StoredEvent[] = []
  try {
    await sync(store, jail, { ...wanted, stored })
  } catch (error) {
    if (stored.length === 0) throw error
  }
  return stored
}

interface Wanted extends SyncOptions {
  readonly bans: readonly ActiveBan[]
}

async function sync(
  store: Store,
  jail: string,
  { bans, asOf, reason, stored }: Wanted & { readonly stored: StoredEvent[] },
): Promise<void> {
  const present = new Set<number>()
  await tellInSlices(store, bans, {
    stored,
    each: (ban) => {
      const { id, event } = requireActive(store, jail, { ban, asOf })
      present.add(id)
      return event
    },
  })
  const jailId = store.transaction(() => store.jailIdOf(jail))
  const gone = store.statements.activeOfJail
    .all(jailId)
    .filter((ban) => !present.has(ban.id) && Math.max(ban.at, ban.logged_at ?? 0) <= asOf)
  await tellInSlices(store, gone, {
    stored,
    each: ({ id }) => {
      const ban = store.statements.banById.get(id)
      return ban?.active ? endBan(store, ban, endingOf(store, ban, { jail, asOf, reason })) : undefined
    },
  })
}

/** A daemon that is killed may have done what somebody asked for, and not have written it down. */
function endingOf(
  store: Store,
  { address: key, at, logged_at: loggedAt }: BanRow,
  { jail, asOf, reason }: SyncOptions & { readonly jail: string },
): Ending {
  const asked = { kind: 'unban', jail, key } as const
  const wentAt = store.statements.daemonWentAt.get() ?? asOf
  const intent = takeIntent(store, { ...asked, at: asOf }) ?? takeIntent(store, { ...asked, at: wentAt })
  if (!intent || intent.at < (loggedAt ?? at)) return { at: asOf, reason, by: null }
  return { at: Math.min(intent.at, asOf), reason: 'unbanned', by: intent.by_name }
}

interface Present {
  readonly ban: ActiveBan
  readonly asOf: number
}

/** Finds, or adds, the ban that the daemon has, and makes it active with its end. */
function requireActive(store: Store, jail: string, { ban, asOf }: Present): { id: number; event?: Event } {
  const { bannedAt, duration, country } = ban
  const key = addressKey(ban.address)
  const jailId = store.jailIdOf(jail)
  const taken = takeBan(
    store,
    { key, jailId, bannedAt, duration, country, times: null, attempts: null },
    asOf,
  )
  const row = store.statements.banById.get(taken.id)
  if (!row) return { id: taken.id }
  const wasActive = row.active === 1 && taken.outcome !== 'added'
  if (taken.outcome === 'known') correct(store, row, duration)
  // ended meanwhile by a line that is newer than the list, or by a newer ban
  const isNewer = row.active === 0 && (row.until ?? 0) > asOf
  store.letGo.delete(row.id)
  if (wasActive || isNewer || store.statements.banAfter.get(key, jailId, row.at)) return { id: row.id }
  if (row.active === 0) store.statements.reviveBan.run(duration, endOf(row.at, duration), row.id)
  const event = addedEvent(store, row.id)
  return event ? { id: row.id, event } : { id: row.id }
}

/** Corrects the end of a ban in force, but not the end that a person gave it. */
function correct({ statements }: Store, row: BanRow, duration: number): void {
  if (row.active === 0 || row.by_kind !== 'fail2ban' || isRestored(row) || row.duration === duration) return
  statements.extendBan.run(duration, endOf(row.at, duration), 0, row.id)
}
