import { addressKey } from '@bangui/shared'
import type { ImportBatch } from '../archive.ts'
import { addBan, addLines, confirmBan, endOf, isOver } from './ban-rows.ts'
import { endBan } from './end-ban.ts'
import type { BanRow } from './statements.ts'
import type { Store } from './store.ts'

/** A ban as fail2ban has it on record. */
export type RecordedBan = Omit<ImportBatch['bans'][number], 'jail' | 'address' | 'lines'> & {
  readonly key: Uint8Array
  readonly jailId: number
  readonly lines?: readonly string[]
}

export type Taken = { readonly outcome: 'added' | 'confirmed' | 'known'; readonly id: number }

/** The key and id that a ban of a batch is stored under. */
export const toRecorded = (store: Store, ban: ImportBatch['bans'][number]): RecordedBan => ({
  ...ban,
  key: addressKey(ban.address),
  jailId: store.jailIdOf(ban.jail),
})

/**
 * Takes in one ban, once: known by its own time, or as the record of a ban that a log line told, or new. `now` says
 * whether a new one is in force.
 */
export function takeBan(store: Store, ban: RecordedBan, now: number): Taken {
  const { key, jailId, bannedAt } = ban
  const before = store.statements.banAtOrBefore.get(key, jailId, bannedAt)
  const isExact = before?.at === bannedAt
  if (isExact && before.confirmed === 1) return { outcome: 'known', id: before.id }
  const after = isExact ? undefined : store.statements.banAfter.get(key, jailId, bannedAt)
  const told = isExact ? before : after && isToldBy(ban, after) ? after : undefined
  if (told) {
    confirmBan(store, told, { ...ban, at: bannedAt })
    addLines(store, { id: told.id, at: bannedAt }, ban.lines ?? [])
    return { outcome: 'confirmed', id: told.id }
  }
  const id = addRecorded(store, ban, { before, after, now })
  addLines(store, { id, at: bannedAt }, ban.lines ?? [])
  return { outcome: 'added', id }
}

/** Whether a log line, the next of the pair, told of this ban: the line comes after, while the ban is in force. */
const isToldBy = ({ bannedAt, duration }: RecordedBan, line: BanRow) =>
  line.confirmed === 0 && !isOver(endOf(bannedAt, duration), line.at)

interface Neighbours {
  readonly before: BanRow | undefined
  readonly after: BanRow | undefined
  readonly now: number
}

function addRecorded(store: Store, ban: RecordedBan, { before, after, now }: Neighbours): number {
  const { key, jailId, bannedAt, duration } = ban
  const end = endOf(bannedAt, duration)
  const next = Math.min(after?.at ?? Infinity, now)
  const expired = isOver(end, next)
  const active = !expired && !after
  if (before?.active) endBan(store, before, { at: bannedAt, reason: 'gone', by: null })
  if (after) store.statements.raiseTimes.run(key, jailId, bannedAt)
  const logged = takeLine(store, before, bannedAt)
  return addBan(store, {
    address: key,
    jail_id: jailId,
    at: bannedAt,
    logged_at: logged,
    confirmed: 1,
    duration,
    until: active || expired ? end : next,
    active: active ? 1 : 0,
    end_reason: active ? null : expired ? 'expired' : 'gone',
    country: ban.country ?? '??',
    times: Math.max((before?.times ?? 0) + 1, ban.times ?? 0),
    attempts: ban.attempts,
    by_kind: 'fail2ban',
    by_name: null,
    reason: null,
  })
}

/** A line that an older ban was taken for, and that comes after this one, tells of this one. */
function takeLine({ statements }: Store, before: BanRow | undefined, bannedAt: number): number | null {
  if (!before || before.logged_at === null || before.logged_at < bannedAt) return null
  statements.setLogged.run(null, before.id)
  return before.logged_at
}
