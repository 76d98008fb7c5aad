import type { HostEvent } from '@bangui/shared'

/** The decision about an unban line: the end of a ban, or the stop of its jail, which keeps the ban. */
export type UnbanDecision = 'unbanned' | 'suspended'

/** Events of jails, in their order, that wait until it is decided what the unbans among them are. */
export interface HeldUnbans {
  /** Adds an event of a jail; `isUndecided`: an unban of which it is not known what it is. */
  hold(jail: string, event: HostEvent, isUndecided: boolean): void
  has(jail: string): boolean
  /** Returns a number that is above those of all events held now; undefined: none is held. */
  end(): number | undefined
  /** Decides all unbans of a jail. */
  decideJail(jail: string, decision: UnbanDecision): void
  decideAll(decision: UnbanDecision): void
  /** Decides those unbans of every jail that were held before `end`. Returns whether any was `suspended`. */
  decideBefore(end: number, decisionOf: (jail: string) => UnbanDecision): boolean
  /** Decides the unbans of jails whose last one is older than {@link STOP_PAUSE_MS} at `now`: no stop followed. */
  decideOld(now: number): void
  state(): HeldState
}

/** By jail: its events, each with whether it is an unban that is undecided. As JSON. */
export type HeldState = readonly (readonly [
  jail: string,
  events: readonly (readonly [HostEvent, boolean])[],
])[]

/** A jail that stops logs its unbans one after the other: one that long before the next line was a real one. */
export const STOP_PAUSE_MS = 60_000
const MAX_HELD = 20_000
/** A filter that stops can still report some failures, never that many. */
const MAX_FAILURES_OF_STOP = 20

interface Item {
  event: HostEvent
  readonly seq: number
  isUndecided: boolean
}

interface Queue {
  items: Item[]
  lastUnbanAt: number
  failures: number
}

/** Creates the queues, empty or from a state. `release` gets the events that no longer wait, in their order. */
export function createHeldUnbans(release: (event: HostEvent) => void, state: HeldState = []): HeldUnbans {
  let heldCount = 0
  let seq = 0
  const queues = new Map<string, Queue>()

  const hold = (jail: string, event: HostEvent, isUndecided: boolean) => {
    const queue = queues.get(jail) ?? { items: [], lastUnbanAt: event.at, failures: 0 }
    queues.set(jail, queue)
    queue.items.push({ event, seq: seq++, isUndecided })
    heldCount++
    if (isUndecided) queue.lastUnbanAt = event.at
    if (event.type === 'failure' || event.type === 'ignored') queue.failures++
    if (queue.failures >= MAX_FAILURES_OF_STOP) decideJail(jail, 'unbanned')
    else if (heldCount > MAX_HELD) decideJail(longest(queues), 'suspended')
  }

  const decideJail = (jail: string, decision: UnbanDecision) => {
    const queue = queues.get(jail)
    if (!queue) return
    queues.delete(jail)
    heldCount -= queue.items.length
    for (const { event, isUndecided } of queue.items) release(isUndecided ? decided(event, decision) : event)
  }

  /** Releases the events of a jail up to the first that is still undecided. */
  const releaseDecided = (jail: string, queue: Queue) => {
    const firstUndecided = queue.items.findIndex((item) => item.isUndecided)
    const released = queue.items.splice(0, firstUndecided === -1 ? queue.items.length : firstUndecided)
    heldCount -= released.length
    for (const { event } of released) release(event)
    if (queue.items.length === 0) queues.delete(jail)
  }

  for (const [jail, events] of state)
    for (const [event, isUndecided] of events) hold(jail, event, isUndecided)

  return {
    hold,
    has: (jail) => queues.has(jail),
    end: () => (heldCount === 0 ? undefined : seq),
    decideJail,
    decideAll(decision) {
      for (const jail of queues.keys()) decideJail(jail, decision)
    },
    decideBefore(end, decisionOf) {
      let isAnySuspended = false
      for (const [jail, queue] of queues) {
        const decision = decisionOf(jail)
        const items = queue.items.filter((item) => item.isUndecided && item.seq < end)
        for (const item of items)
          Object.assign(item, { event: decided(item.event, decision), isUndecided: false })
        if (decision === 'suspended' && items.length > 0) isAnySuspended = true
        releaseDecided(jail, queue)
      }
      return isAnySuspended
    },
    decideOld(now) {
      for (const [jail, queue] of queues)
        if (queue.lastUnbanAt < now - STOP_PAUSE_MS) decideJail(jail, 'unbanned')
    },
    state: () =>
      [...queues].map(([jail, { items }]) => [
        jail,
        items.map(({ event, isUndecided }) => [event, isUndecided]),
      ]),
  }
}

const decided = (event: HostEvent, decision: UnbanDecision): HostEvent =>
  event.type === 'unban' && decision === 'suspended' ? { ...event, type: 'suspended' } : event

function longest(queues: ReadonlyMap<string, Queue>): string {
  let found = ''
  let size = -1
  for (const [jail, { items }] of queues) {
    if (items.length <= size) continue
    found = jail
    size = items.length
  }
  return found
}
