import type { HostEvent } from '@bangui/shared'

/** What is not emitted yet, as JSON; a part of the position that a reader resumes from. */
export interface SettlerState {
  readonly stopping: boolean
  /** events that are ready, oldest first */
  readonly ready: readonly HostEvent[]
  /** by jail: events in their order, and whether each waits for what its jail does next */
  readonly held: readonly (readonly [jail: string, events: readonly (readonly [HostEvent, boolean])[]])[]
}

/** What the settler takes in: an event, or the word of the daemon, or of a jail, that it ends all of its bans now. */
export type Told = HostEvent | { readonly type: 'flush'; readonly jail: string; readonly at: number }

/**
 * Distinguishes unbans that end a ban from those that do not: a jail that stops logs an unban for every ban it has,
 * and a `Restore Ban` for each when it starts again. An unban is held until what follows it in the log, or the daemon,
 * shows which it is; later events of the same jail are held with it. An unban of a stop is emitted as `suspended`.
 */
export interface UnbanSettler {
  /** Takes in what the log tells next. */
  push(told: Told): void
  /** Takes out at most `limit` events that are ready. */
  take(limit: number): HostEvent[]
  readonly readyCount: number
  /** Identifies all that waits now, for {@link answer}; undefined: nothing waits. */
  mark(): number | undefined
  /** The daemon was asked after `mark` and has these jails: unbans of others were a stop. Tells whether any was. */
  answer(mark: number, jails: ReadonlySet<string>): boolean
  /** The daemon cannot be asked: unbans with no sign of a stop for so long after them were real. */
  expire(now: number): void
  state(): SettlerState
}

/** A jail that stops logs its unbans one after the other; one that is so long before the next line was none of them. */
export const STOP_PAUSE = 60_000
const MAX_HELD = 20_000
/** A filter that stops can still tell some failures, never many. */
const SURELY_RUNNING = 20

interface Item {
  event: HostEvent
  readonly seq: number
  /** an unban of which it is not known what it is */
  open: boolean
}

interface Queue {
  items: Item[]
  lastUnbanAt: number
  failures: number
}

/** Creates a settler, or one that goes on from a state. */
export function createUnbanSettler(state?: SettlerState): UnbanSettler {
  let ready: HostEvent[] = [...(state?.ready ?? [])]
  let stopping = state?.stopping ?? false
  let heldCount = 0
  let seq = 0
  const queues = new Map<string, Queue>()

  const hold = (jail: string, event: HostEvent, open: boolean) => {
    const queue = queues.get(jail) ?? { items: [], lastUnbanAt: event.at, failures: 0 }
    queues.set(jail, queue)
    queue.items.push({ event, seq: seq++, open })
    heldCount++
    if (open) queue.lastUnbanAt = event.at
    if (event.type === 'failure' || event.type === 'ignored') queue.failures++
    if (queue.failures >= SURELY_RUNNING) settle(jail, true)
    else if (heldCount > MAX_HELD) settle(largest(queues), false)
  }

  /** Ends the waiting of a jail: its unbans were real, or none. */
  const settle = (jail: string, real: boolean) => {
    const queue = queues.get(jail)
    if (!queue) return
    queues.delete(jail)
    heldCount -= queue.items.length
    for (const { event, open } of queue.items) ready.push(real || !open ? event : letGo(event))
  }

  const settleAll = (real: boolean) => {
    for (const jail of queues.keys()) settle(jail, real)
  }

  const settleBefore = (at: number) => {
    for (const [jail, queue] of queues) if (queue.lastUnbanAt < at - STOP_PAUSE) settle(jail, true)
  }

  const settleSome = (jail: string, queue: Queue, decide: (item: Item) => 'real' | 'none' | 'open') => {
    let dropped = 0
    for (const item of queue.items) {
      if (!item.open) continue
      const decision = decide(item)
      item.open = decision === 'open'
      if (decision !== 'none') continue
      item.event = letGo(item.event)
      dropped++
    }
    const firstOpen = queue.items.findIndex((item) => item.open)
    const settled = queue.items.splice(0, firstOpen === -1 ? queue.items.length : firstOpen)
    heldCount -= settled.length
    for (const item of settled) ready.push(item.event)
    if (queue.items.length === 0) queues.delete(jail)
    return dropped > 0
  }

  for (const [jail, events] of state?.held ?? []) for (const [event, open] of events) hold(jail, event, open)

  return {
    push(told) {
      settleBefore(told.at)
      const sign = readSign(told)
      if (sign?.jail === null) settleAll(sign.real)
      else if (sign) settle(sign.jail, sign.real)
      if (told.type === 'shutdown' || told.type === 'daemon') stopping = told.type === 'shutdown'
      if (told.type === 'flush') return
      if (told.type === 'ban' && told.restored) stopping = false
      const event = suspension(told, stopping)
      const jail = 'jail' in event ? event.jail : undefined
      if (jail !== undefined && (event.type === 'unban' || queues.has(jail))) {
        hold(jail, event, event.type === 'unban')
      } else ready.push(event)
    },
    take(limit) {
      const taken = ready.slice(0, limit)
      ready = ready.slice(limit)
      return taken
    },
    get readyCount() {
      return ready.length
    },
    mark: () => (heldCount === 0 ? undefined : seq),
    answer(mark, jails) {
      let any = false
      for (const [jail, queue] of queues) {
        const decision = jails.has(jail) ? 'real' : 'none'
        any = settleSome(jail, queue, (item) => (item.seq < mark ? decision : 'open')) || any
      }
      return any
    },
    expire: settleBefore,
    state: () => ({
      stopping,
      ready,
      held: [...queues].map(([jail, { items }]) => [jail, items.map(({ event, open }) => [event, open])]),
    }),
  }
}

/** An unban of a daemon that stops is known at once to be no end. */
function suspension(told: Exclude<Told, { readonly type: 'flush' }>, stopping: boolean): HostEvent {
  if (!stopping || (told.type !== 'suspended' && told.type !== 'unban')) return told
  return { ...told, type: 'suspended', daemonStops: true }
}

/** Only unbans wait to be told apart. */
const letGo = (event: HostEvent): HostEvent =>
  event.type === 'unban' ? { ...event, type: 'suspended' } : event

/** What a line means for the held unbans: those of one jail, or (null) of all. */
function readSign(told: Told): { readonly jail: string | null; readonly real: boolean } | undefined {
  switch (told.type) {
    case 'shutdown':
      // a daemon that stops says so before its first unban
      return { jail: null, real: true }
    case 'flush':
    case 'suspended':
      // as does a jail that ends its bans all at once, and one that names the unbans of its stop
      return { jail: told.jail, real: true }
    case 'daemon':
      return { jail: null, real: told.online }
    case 'ban':
      // only a jail that starts restores bans
      return { jail: told.jail, real: !told.restored }
    case 'jail':
      return { jail: told.jail, real: told.change !== 'stopped' }
    default:
      return undefined
  }
}

function largest(queues: ReadonlyMap<string, Queue>): string {
  let found = ''
  let size = -1
  for (const [jail, { items }] of queues) {
    if (items.length <= size) continue
    found = jail
    size = items.length
  }
  return found
}
