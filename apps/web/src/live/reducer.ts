import type { Event, EventType, Jail, Live, Operation, RuntimeSnapshot } from '@bangui/shared'

/** The history has older events. */
export const MAX_FEED_LENGTH = 200
/** When there are more, ended operations are dropped first. */
const MAX_OPERATIONS = 50

/** An event as this page received it. */
export type FeedItem = {
  /** the number of events that this page had received by then */
  readonly id: number
  readonly event: Event
}

/** Numbers of events by type; `echoes` are failures that only repeat bans. */
export type EventCounts = Readonly<Partial<Record<EventType | 'echoes', number>>>

/** The state of one host that the live stream has sent so far; undefined: nothing yet. */
export type LiveState = {
  readonly runtime: RuntimeSnapshot | undefined
  /** undefined until the configuration has been read */
  readonly jails: readonly Jail[] | undefined
  /** the newest events, newest first, at most {@link MAX_FEED_LENGTH} */
  readonly feed: readonly FeedItem[]
  /** the number of events since the page was opened, also of those that the feed never showed */
  readonly counts: EventCounts
  /** operations by their id */
  readonly operations: Readonly<Record<string, Operation>>
}

export const emptyState: LiveState = {
  runtime: undefined,
  jails: undefined,
  feed: [],
  counts: {},
  operations: {},
}

/** The state of each host by its key. */
export type LiveHosts = Readonly<Record<string, LiveState>>

/** Returns the states after a message, which is about one host. */
export function reduceHosts(hosts: LiveHosts, message: Live): LiveHosts {
  // a server of another version may send what this page does not know
  const host: unknown = message?.host
  if (typeof host !== 'string') return hosts
  const before = Object.hasOwn(hosts, host) ? hosts[host] : undefined
  const after = reduceLive(before ?? emptyState, message)
  return after === before ? hosts : { ...hosts, [host]: after }
}

/** Returns the state of a host after a message about it. A message of an unknown type changes nothing. */
export function reduceLive(state: LiveState, message: Live): LiveState {
  switch (message?.type) {
    case 'snapshot':
      return {
        ...state,
        runtime: message.runtime,
        jails: message.jails ?? undefined,
        operations: Object.fromEntries(
          (message.operations ?? []).map((operation) => [operation.id, operation]),
        ),
      }
    case 'runtime':
      return { ...state, runtime: message.runtime }
    case 'jails':
      return { ...state, jails: message.jails }
    case 'events':
      return {
        ...state,
        feed: extendFeed(state.feed, message.events),
        counts: addCounts(state.counts, message.counts),
      }
    case 'operation': {
      const { type: _type, ...operation } = message
      return { ...state, operations: keepOperation(state.operations, operation) }
    }
    default:
      return state
  }
}

function extendFeed(feed: readonly FeedItem[], events: readonly Event[]): readonly FeedItem[] {
  if (events.length === 0) return feed
  const last = feed[0]?.id ?? 0
  const added = events.map((event, index) => ({ id: last + index + 1, event }))
  return [...added.toReversed(), ...feed].slice(0, MAX_FEED_LENGTH)
}

function addCounts(counts: EventCounts, more: Readonly<Record<string, number>>): EventCounts {
  const entries = Object.entries(more) as [keyof EventCounts, number][]
  if (entries.length === 0) return counts
  const sum: { -readonly [TKey in keyof EventCounts]: EventCounts[TKey] } = { ...counts }
  for (const [type, count] of entries) sum[type] = (sum[type] ?? 0) + count
  return sum
}

function keepOperation(operations: LiveState['operations'], operation: Operation): LiveState['operations'] {
  const kept = { ...operations, [operation.id]: operation }
  const all = Object.values(kept)
  if (all.length <= MAX_OPERATIONS) return kept
  const oldest = all.toSorted(
    (one, other) =>
      Number(one.state === 'running') - Number(other.state === 'running') || one.startedAt - other.startedAt,
  )
  return Object.fromEntries(oldest.slice(-MAX_OPERATIONS).map((each) => [each.id, each]))
}
