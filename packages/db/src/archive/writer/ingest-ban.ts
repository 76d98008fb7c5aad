import type { Event, HostEvent } from '@bangui/shared'
import { addedEvent, isToldInForce } from './added-event.ts'
import { addBan, endOf, isOver } from './ban-rows.ts'
import { banOfLine, inSeconds, wasLogged } from './ban-of-line.ts'
import { endBan } from './end-ban.ts'
import { takeIntent } from './intents.ts'
import type { BanRow, IntentRow } from './statements.ts'
import type { Store } from './store.ts'

/** A log line about an address in a jail, with the keys of both. */
export interface PairLine<TType extends HostEvent['type']> {
  readonly key: Uint8Array
  readonly jailId: number
  readonly event: HostEvent & { readonly type: TType }
  readonly country: string | null
}

interface BanLine extends PairLine<'ban'> {
  readonly bantime: number | null
}

/** Opens a ban, provisionally, unless the line tells of one that is known. */
export function ingestBan(store: Store, line: BanLine): readonly Event[] {
  const { key, jailId, event } = line
  const before = banOfLine(store, { key, jailId, at: event.at })
  const intent = event.restored ? undefined : takeIntent(store, { ...event, kind: 'ban', key })
  if (before && isAgain(before, event)) return [banAgain(store, line, before)]
  if (before && isSameBan(store, before, event)) {
    const isNews = isFirstWord(store, before, line)
    recognise(store, before, { event, intent })
    const told = isNews && addedEvent(store, before.id)
    return told ? [{ ...told, at: event.at }] : []
  }
  const revived = before && event.restored && continueBan(store, before, line)
  if (revived) return []
  return openBan(store, line, { before, intent })
}

/** Banned, unbanned and banned within the second that is all of its identity. */
const isAgain = (ban: BanRow, { at, restored }: BanLine['event']) =>
  !restored && ban.active === 0 && ban.logged_at !== null && ban.logged_at !== at && ban.at === inSeconds(at)

function banAgain(store: Store, { event, country }: BanLine, ban: BanRow): Event {
  const { at, jail, address } = event
  const until = endOf(ban.at, ban.duration)
  store.statements.reviveBan.run(ban.duration, until, ban.id)
  store.statements.setLogged.run(at, ban.id)
  const by = { kind: ban.by_kind, name: ban.by_name }
  return { type: 'ban.added', at, jail, address, country, until, by }
}

/** Whether a line tells of this ban, which is the newest of its pair before it. */
function isSameBan({ letGo }: Store, ban: BanRow, { at, restored }: BanLine['event']): boolean {
  if (ban.at === inSeconds(at) || ban.logged_at === at) return true
  if (isOver(ban.until, at)) return false
  // only what is not banned any more is banned anew
  if (ban.active === 1) return restored || !letGo.has(ban.id)
  // fail2ban's record came first, and its end, too
  return !restored && ban.logged_at === null && ban.confirmed === 1
}

/** fail2ban's record can be read before the line that tells of the ban. */
const isFirstWord = (store: Store, ban: BanRow, { key, event }: BanLine) =>
  !event.restored && ban.active === 1 && ban.logged_at === null && !isToldInForce(store, key, event.jail)

interface Recognised {
  readonly event: BanLine['event']
  readonly intent: IntentRow | undefined
}

function recognise({ statements, letGo }: Store, ban: BanRow, { event, intent }: Recognised): void {
  letGo.delete(ban.id)
  if (!event.restored && ban.logged_at === null) statements.setLogged.run(event.at, ban.id)
  if (!intent) return
  statements.setAuthor.run(intent.by_kind, intent.by_name, intent.reason, ban.id)
  if (intent.until !== null && !isOver(ban.until, intent.until))
    statements.extendBan.run(secondsBetween(ban.at, intent.until), intent.until, 0, ban.id)
}

/** A ban that went with the daemon or its jail is in force again. */
function continueBan({ statements }: Store, ban: BanRow, { event: { at }, bantime }: BanLine): boolean {
  if (ban.end_reason === 'unbanned') return false
  const end = endOf(ban.at, ban.duration)
  const isLonger = isOver(end, at)
  if (isLonger && ban.by_kind !== 'fail2ban') {
    // to fail2ban it lasts as long as the jail bans for; after that it is another
    if (isOver(endOf(ban.at, bantime ?? 0), at)) return false
    // due at once
    statements.reviveBan.run(ban.duration, at, ban.id)
    return true
  }
  // its end was only the jail's usual one; fail2ban restores nothing that is over
  if (isLonger && ban.confirmed === 1) return false
  statements.reviveBan.run(isLonger ? 0 : ban.duration, isLonger ? null : end, ban.id)
  return true
}

interface Circumstances {
  readonly before: BanRow | undefined
  readonly intent: IntentRow | undefined
}

function openBan(store: Store, line: BanLine, { before, intent }: Circumstances): readonly Event[] {
  const { key, jailId, event, bantime } = line
  const { jail, address } = event
  const at = inSeconds(event.at)
  const next = store.statements.banAfter.get(key, jailId, at)
  // unless the clock was set back, it came later
  const after = next && !wasLogged(next) ? next : undefined
  const ownEnd = intent?.until ?? null
  const duration = ownEnd === null ? (bantime ?? 0) : secondsBetween(at, ownEnd)
  const end = ownEnd ?? endOf(at, duration)
  const ended = before?.active ? [endBan(store, before, { at, reason: 'gone', by: null })] : []
  if (after) store.statements.raiseTimes.run(key, jailId, at)
  const country = line.country ?? '??'
  const by = { kind: intent?.by_kind ?? 'fail2ban', name: intent?.by_name ?? null }
  addBan(store, {
    address: key,
    jail_id: jailId,
    at,
    logged_at: event.restored ? null : event.at,
    confirmed: 0,
    duration,
    until: after ? Math.min(end ?? after.at, after.at) : end,
    active: after ? 0 : 1,
    end_reason: after ? 'gone' : null,
    country,
    times: Math.max(before?.times ?? 0, next && !after ? next.times : 0) + 1,
    attempts: null,
    by_kind: by.kind,
    by_name: by.name,
    reason: intent?.reason ?? null,
  })
  // what is restored is no news: if its beginning was never told, fail2ban's record of it tells that
  if (event.restored) return ended
  return [...ended, { type: 'ban.added', at: event.at, jail, address, country: line.country, until: end, by }]
}

const secondsBetween = (from: number, to: number) => Math.max(1, Math.ceil((to - from) / 1000))
