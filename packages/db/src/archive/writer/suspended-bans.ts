import { nextTurn } from '@bangui/async'
import type { StoredEvent } from '@bangui/shared'
import type { EndSuspendedOptions } from '../writer-port.ts'
import { isOver } from './ban-identity.ts'
import { endInForce } from './ban-rows.ts'
import { removedEvent } from './end-ban.ts'
import { createEventSink, storeInChunks, type PassOn } from './in-chunks.ts'
import type { BanRow } from './rows.ts'
import type { Store } from './store.ts'

const BANS_PER_QUERY = 200

/**
 * Ends the suspended bans that were not restored, as of when they were suspended, and returns the events. If it is
 * interrupted, it returns what was stored, and the next call ends the rest.
 */
export async function endSuspended(
  store: Store,
  options: EndSuspendedOptions,
  passOn?: PassOn,
): Promise<StoredEvent[]> {
  const { by, before } = options
  const sink = createEventSink(passOn)
  const { stored } = sink
  try {
    for (;;) {
      const bans = store.statements.suspended.all(by, before, store.hostId, BANS_PER_QUERY)
      await storeInChunks(store, bans, { sink, each: ({ id }) => endOne(store, id, options) })
      if (bans.length < BANS_PER_QUERY) return stored
      sink.flush()
      await nextTurn()
    }
  } catch (error) {
    if (stored.length === 0) throw error
    return stored
  }
}

/** Between two transactions a line can have restored the ban. */
function endOne(store: Store, id: number, { by, lostAt }: EndSuspendedOptions) {
  const ban = store.statements.banById.get(id)
  if (!ban || ban.suspended !== by || ban.until === null) return undefined
  const reason = isLost(ban, lostAt) ? 'lost' : 'jail_stopped'
  store.statements.endSuspended.run(reason, id)
  return removedEvent(store, ban, { at: ban.until, reason, by: ban.ended_by })
}

/** Whether the time of a ban was not over when the daemon was online again. */
const isLost = (ban: BanRow, lostAt: number | null): boolean =>
  lostAt !== null && !isOver(endInForce(ban, ban.duration), lostAt)
