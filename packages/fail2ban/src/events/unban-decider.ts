import type { HostEvent } from '@bangui/shared'
import { createHeldUnbans, type HeldState, type UnbanDecision } from './held-unbans.ts'

/** The events that are not emitted yet, as JSON; a part of the position that a reader resumes from. */
export interface UnbanDeciderState {
  /** the daemon is stopping */
  readonly stopping: boolean
  /** events that are ready, oldest first */
  readonly ready: readonly HostEvent[]
  readonly held: HeldState
}

/** A record of the log: an event, or the beginning of the end of all bans of a jail. */
export type LogRecord = HostEvent | { readonly type: 'flush'; readonly jail: string; readonly at: number }

/**
 * Decides whether an unban line ended a ban: a jail that stops logs an unban for every ban it has, and a `Restore Ban`
 * for each when it starts again. An unban is held until the log or the daemon shows which it is; later events of the
 * same jail are held with it. An unban of a stop is emitted as `suspended`.
 */
export interface UnbanDecider {
  /** Takes in the next record of the log. */
  push(record: LogRecord): void
  /** Takes out at most `limit` events that are ready. */
  take(limit: number): HostEvent[]
  readonly readyCount: number
  /** Returns a number that stands for all that is held now, for {@link decide}; undefined: nothing is held. */
  heldEnd(): number | undefined
  /**
   * Decides what was held when {@link heldEnd} returned `end`, since when the daemon was asked and had these jails: an
   * unban of another jail was a stop. Returns whether any was.
   */
  decide(end: number, runningJails: ReadonlySet<string>): boolean
  /** Decides old unbans where the daemon cannot be asked: without a sign of a stop for a minute, they ended bans. */
  decideOld(now: number): void
  state(): UnbanDeciderState
}

/** Creates a decider, or one that goes on from a state. */
export function createUnbanDecider(state?: UnbanDeciderState): UnbanDecider {
  let ready: HostEvent[] = [...(state?.ready ?? [])]
  let stopping = state?.stopping ?? false
  const held = createHeldUnbans((event) => ready.push(event), state?.held)

  return {
    push(record) {
      held.decideOld(record.at)
      const sign = signOf(record)
      if (sign?.jail === null) held.decideAll(sign.decision)
      else if (sign) held.decideJail(sign.jail, sign.decision)
      if (record.type === 'shutdown' || record.type === 'daemon') stopping = record.type === 'shutdown'
      if (record.type === 'flush') return
      if (record.type === 'ban' && record.restored) stopping = false
      const event = stopping ? asSuspended(record) : record
      const jail = 'jail' in event ? event.jail : undefined
      if (jail !== undefined && (event.type === 'unban' || held.has(jail)))
        held.hold(jail, event, event.type === 'unban')
      else ready.push(event)
    },
    take(limit) {
      const taken = ready.slice(0, limit)
      ready = ready.slice(limit)
      return taken
    },
    get readyCount() {
      return ready.length
    },
    heldEnd: held.end,
    decide: (end, jails) => held.decideBefore(end, (jail) => (jails.has(jail) ? 'unbanned' : 'suspended')),
    decideOld: held.decideOld,
    state: () => ({ stopping, ready, held: held.state() }),
  }
}

/** An unban of a daemon that stops ends no ban. */
function asSuspended(event: HostEvent): HostEvent {
  if (event.type !== 'suspended' && event.type !== 'unban') return event
  return { ...event, type: 'suspended', daemonStops: true }
}

/** The decision that a record implies for the held unbans of one jail, or (null) of all. */
interface Sign {
  readonly jail: string | null
  readonly decision: UnbanDecision
}

function signOf(record: LogRecord): Sign | undefined {
  switch (record.type) {
    case 'shutdown':
      // a daemon that stops logs it before its first unban
      return { jail: null, decision: 'unbanned' }
    case 'flush':
    case 'suspended':
      // as does a jail that ends its bans all at once, and one that names the unbans of its stop
      return { jail: record.jail, decision: 'unbanned' }
    case 'daemon':
      return { jail: null, decision: record.online ? 'unbanned' : 'suspended' }
    case 'ban':
      // only a jail that starts restores bans
      return { jail: record.jail, decision: record.restored ? 'suspended' : 'unbanned' }
    case 'jail':
      return { jail: record.jail, decision: record.change === 'stopped' ? 'suspended' : 'unbanned' }
    default:
      return undefined
  }
}
