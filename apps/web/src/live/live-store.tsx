import type { Jail, Live, Operation, RuntimeSnapshot } from '@bangui/shared'
import { batch, createContext, createSignal, type JSX, onCleanup, useContext } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import { api } from '../api/client.ts'
import { createConnection } from './connection.ts'
import type { ConnectionState } from './connection-status.ts'
import { createFrameBatcher } from './frame-batcher.ts'
import { emptyState, type EventCounts, type FeedItem, reduceLive } from './reducer.ts'
import { createLiveSource, type LiveSource } from './source.ts'

/** What the page knows about the server, live. */
export type LiveStore = {
  /** undefined until the first message */
  readonly runtime: RuntimeSnapshot | undefined
  /** every jail by name; undefined until known */
  readonly jails: readonly Jail[] | undefined
  /** the newest events, newest first, at most 200; a new array whenever it changes */
  readonly feed: readonly FeedItem[]
  /** the number of events since the page was opened, by type */
  readonly counts: EventCounts
  /** operations by their id */
  readonly operations: Readonly<Record<string, Operation>>
  readonly connection: ConnectionState
  /** when the last message came, epoch milliseconds */
  readonly lastMessageAt: number | undefined
  /** called when the server reports that the session has ended */
  readonly signedOut: boolean
}

const LiveContext = createContext<LiveStore>()

export type LiveProviderProps = {
  /** the source of messages. @default the server's `live.watch` and `live.poll` */
  source?: LiveSource
  children: JSX.Element
}

/** Provides the one live stream of this tab. */
export function LiveProvider(props: LiveProviderProps): JSX.Element {
  // oxlint-disable-next-line solid/reactivity -- the source never changes
  const store = createLiveStore(props.source ?? createLiveSource(api))
  return <LiveContext.Provider value={store}>{props.children}</LiveContext.Provider>
}

type Levels = Omit<LiveStore, 'feed' | 'counts'>

function createLiveStore(source: LiveSource): LiveStore {
  const [levels, setLevels] = createStore<Levels>({
    runtime: undefined,
    jails: undefined,
    operations: {},
    connection: 'connecting',
    lastMessageAt: undefined,
    signedOut: false,
  })
  let state = emptyState
  // events never change, so they need no deep comparison
  const [feed, setFeed] = createSignal(state.feed)
  const [counts, setCounts] = createSignal(state.counts)

  const batcher = createFrameBatcher<Live>((messages) => {
    state = messages.reduce(reduceLive, state)
    const { runtime, jails, operations } = state
    batch(() => {
      // only differences are written, so only they are drawn again
      const next = { ...levels, runtime, jails, operations, lastMessageAt: Date.now() }
      setLevels(reconcile(next, { key: 'name' }))
      setFeed(state.feed)
      setCounts(state.counts)
    })
  })
  const connection = createConnection({
    source,
    onMessage: batcher.push,
    onState: (next) => setLevels({ connection: next }),
    onSignedOut: () => setLevels({ signedOut: true }),
  })
  onCleanup(() => {
    connection.close()
    batcher.stop()
  })
  return withEvents(levels, { feed, counts })
}

/** One object over parts that are compared deeply and parts that are replaced. */
function withEvents(
  levels: Levels,
  events: { feed: () => LiveStore['feed']; counts: () => LiveStore['counts'] },
): LiveStore {
  return {
    get runtime() {
      return levels.runtime
    },
    get jails() {
      return levels.jails
    },
    get operations() {
      return levels.operations
    },
    get connection() {
      return levels.connection
    },
    get lastMessageAt() {
      return levels.lastMessageAt
    },
    get signedOut() {
      return levels.signedOut
    },
    get feed() {
      return events.feed()
    },
    get counts() {
      return events.counts()
    },
  }
}

/** Returns the server's state, live. */
export function useLive(): LiveStore {
  const store = useContext(LiveContext)
  if (!store) throw new Error('useLive needs a LiveProvider around it')
  return store
}
