import { addressKey, type Event } from '@bangui/shared'
import type { ActiveBan, SyncOptions, SyncResult } from '../writer-port.ts'
import { addedEvent, isLastEventAdded } from './added-event.ts'
import { findBanOfRecord, SAME_BAN_MS } from './ban-identity.ts'
import { moveBan, removeBan, setDuration } from './ban-rows.ts'
import { endBan, type Ending } from './end-ban.ts'
import { importBan } from './import-bans.ts'
import { createEventSink, inChunks, storeInChunks, type EventSink, type PassOn } from './in-chunks.ts'
import { takePendingUnban } from './pending-actions.ts'
import type { BanGlance, BanRow } from './rows.ts'
import type { Store } from './store.ts'

/**
 * Makes the active bans of a jail equal to the daemon's, and returns the events. If it is interrupted, for example by
 * a full disk, it returns the events that were stored, and the next call corrects the rest.
 */
export async function syncActive(store: Store, { passOn, ...wanted }: Wanted): Promise<SyncResult> {
  const sink = createEventSink(passOn)
  const run = { ...wanted, sink, corrected: 0, unsure: 0 }
  try {
    await (wanted.onlyEnds ? syncEnds(store, run) : sync(store, run))
  } catch (error) {
    if (sink.stored.length === 0) throw error
  }
  const { corrected, unsure } = run
  return { events: sink.stored, corrected: corrected + sink.stored.length, unsure }
}

interface Wanted extends SyncOptions {
  readonly jail: string
  readonly bans: readonly ActiveBan[]
  readonly passOn?: PassOn
}

interface SyncRun extends Omit<Wanted, 'passOn'> {
  readonly sink: EventSink
  corrected: number
  unsure: number
}

async function sync(store: Store, run: SyncRun): Promise<void> {
  const { bans, jail, asOf, sink } = run
  const present = new Set<number>()
  await storeInChunks(store, bans, {
    sink,
    each: (ban) => {
      const { id, event } = requireActive(store, ban, run)
      present.add(id)
      return event
    },
  })
  const jailId = store.transaction(() => store.jailIdOf(jail))
  const active = store.statements.activeOfJail.all(jailId)
  for (const { id } of active) if (present.has(id)) store.absent.delete(id)
  const missing = active.filter((ban) => !present.has(ban.id) && Math.max(ban.at, ban.logged_at ?? 0) <= asOf)
  await storeInChunks(store, missing, { sink, each: ({ id }) => endMissing(store, id, run) })
}

const syncEnds = (store: Store, run: SyncRun): Promise<void> =>
  inChunks(store, run.bans, { each: (ban) => setListedEnd(store, ban, run) })

/** Sets the end of an active ban that is known from fail2ban's list or database to that of the list. */
function setListedEnd(store: Store, { address, bannedAt, duration }: ActiveBan, run: SyncRun): void {
  const pair = { key: addressKey(address), jailId: store.jailIdOf(run.jail) }
  const { known } = findBanOfRecord(store, { ...pair, bannedAt, duration, isListed: true })
  const ban = known?.active === 1 ? store.statements.banById.get(known.id) : undefined
  if (ban && setDuration(store, ban, duration)) run.corrected += 1
}

/** fail2ban's log can be a moment behind its list: only what is missing for a while has ended. */
function endMissing(store: Store, id: number, run: SyncRun): Event | undefined {
  const ban = store.statements.banById.get(id)
  if (!ban?.active) return undefined
  const { asOf, patience = 0 } = run
  const since = store.absent.get(id) ?? asOf
  if (asOf - since < patience) {
    store.absent.set(id, since)
    run.unsure += 1
    return undefined
  }
  store.absent.delete(id)
  return endBan(store, ban, endingOf(store, ban, { ...run, asOf: since }))
}

/** A daemon that is killed may have done what somebody asked for, and not have written it down. */
function endingOf(store: Store, ban: BanRow, { jail, asOf, reason }: Omit<SyncRun, 'bans'>): Ending {
  const asked = { jail, key: ban.address, ban }
  const wentAt = store.statements.daemonWentAt.get(store.hostId) ?? asOf
  const pending =
    takePendingUnban(store, { ...asked, at: asOf }) ?? takePendingUnban(store, { ...asked, at: wentAt })
  if (!pending) return { at: asOf, reason, by: null }
  return { at: Math.min(pending.at, asOf), reason: 'unbanned', by: pending.by_name }
}

/** Finds, or adds, the ban that the daemon has, and makes it active with its end. */
function requireActive(
  store: Store,
  { address, bannedAt, duration, country }: ActiveBan,
  run: SyncRun,
): { id: number; event?: Event } {
  const { jail, asOf, areEndsKnown = true } = run
  const { statements } = store
  const [key, jailId] = [addressKey(address), store.jailIdOf(jail)]
  const record = {
    jail,
    key,
    jailId,
    bannedAt,
    isListed: true,
    duration,
    country,
    times: null,
    attempts: null,
  }
  const { id, outcome } = importBan(store, record, asOf)
  const row = beginAsListed(store, statements.banById.get(id), { bannedAt, asOf })
  if (!row) return { id }
  const next = statements.banAfter.get(key, jailId, row.at)
  const isStoredTwice = outcome === 'known' && next !== undefined && isOnlyLogged(next)
  if (isStoredTwice) removeBan(store, next)
  else if (next && !hasEnded(statements.newestOfPair.get(key, jailId), asOf)) return { id }
  // ended meanwhile by a line that is newer than the list
  if (row.active === 0 && (row.until ?? 0) > asOf) return { id }
  if (isStoredTwice) statements.setLogged.run(next.logged_at, id)
  const wasActive = row.active === 1
  if (!wasActive) statements.reviveBan.run(row.duration, row.until, id)
  if ((areEndsKnown || !wasActive) && setDuration(store, { ...row, active: 1 }, duration) && wasActive)
    run.corrected += 1
  if (wasActive && outcome !== 'added') return { id }
  const event = isLastEventAdded(store, key, jail) ? undefined : addedEvent(store, id)
  return event ? { id, event } : { id }
}

/**
 * A daemon that was killed reads its logs again, and bans for failures whose ban had ended: by fail2ban's time both are
 * the same, so that the second one begins a moment later here.
 */
function beginAsListed(
  store: Store,
  ban: BanRow | undefined,
  { bannedAt, asOf }: { readonly bannedAt: number; readonly asOf: number },
): BanRow | undefined {
  if (!ban || ban.at - bannedAt <= SAME_BAN_MS || (ban.logged_at ?? ban.at) > asOf) return ban
  const at = bannedAt + 1
  moveBan(store, ban, at)
  return { ...ban, at }
}

/** A list that was taken after the end of a newer ban has the older one again, as after a crash of the daemon. */
const hasEnded = (newest: BanGlance | undefined, asOf: number): boolean =>
  newest !== undefined && newest.active === 0 && newest.until !== null && newest.until <= asOf

/** A daemon that was killed reads its logs again, and logs a ban for failures that it had banned for before. */
const isOnlyLogged = (ban: BanRow): boolean => ban.confirmed === 0 && ban.active === 1
