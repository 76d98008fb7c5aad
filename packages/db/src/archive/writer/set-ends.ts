import { addressKey, type Event } from '@bangui/shared'
import type { BanEnd, EndsSet } from '../writer-port.ts'
import { createEventSink, storeInChunks, type PassOn } from './in-chunks.ts'
import type { BanRow } from './rows.ts'
import type { Store } from './store.ts'
import { replaceArmedTimers } from './timers.ts'

/** Sets new ends of active bans, with their timers, and with the event of fail2ban's own extensions. */
export async function setEnds(store: Store, ends: readonly BanEnd[], passOn?: PassOn): Promise<EndsSet> {
  const sink = createEventSink(passOn)
  let count = 0
  const each = (end: BanEnd) => {
    const ban = store.statements.activeOfPair.get(store.jailIdOf(end.jail), addressKey(end.address))
    if (!ban || !isExpected(ban, end)) return undefined
    count += 1
    return setEnd(store, ban, end)
  }
  await storeInChunks(store, ends, { sink, each })
  return { events: sink.stored, count }
}

const isExpected = (ban: BanRow, { expected }: BanEnd): boolean =>
  expected === undefined || (ban.id === expected.id && ban.end_operation_id === expected.endOperation)

function setEnd(store: Store, ban: BanRow, end: BanEnd): Event | undefined {
  const { statements, clock } = store
  const { jail, address, until, duration, isOwn, operation, timer } = end
  statements.setOwnEnd.run(isOwn ? until : null, ban.id)
  statements.setEndOperation.run(operation, ban.id)
  if (timer !== undefined) replaceArmedTimers(store, { jail, key: ban.address }, timer)
  if (ban.until === until && ban.duration === duration) return undefined
  statements.extendBan.run(duration, until, ban.times, ban.id)
  const country = ban.country === '??' ? null : ban.country
  return { type: 'ban.extended', at: clock(), jail, address, country, until, times: ban.times }
}
