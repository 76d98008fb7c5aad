import { type Jail, type Live, LOCAL_HOST_KEY, type Operation, type RuntimeSnapshot } from '@bangui/shared'
import {
  type Accessor,
  batch,
  createContext,
  createMemo,
  createSignal,
  type JSX,
  onCleanup,
  untrack,
  useContext,
} from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import { api } from '../api/client.ts'
import { createConnection } from './connection.ts'
import type { ConnectionState } from './connection-status.ts'
import { createFrameBatcher } from './frame-batcher.ts'
import { emptyState, type EventCounts, type FeedItem, type LiveHosts, reduceHosts } from './reducer.ts'
import { createLiveSource, type LiveSource } from './source.ts'

/** What the page knows about one host, live. */
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
  /** whether the page names a host that the server has no state of */
  readonly isUnknownHost: boolean
  /** called when the server reports that the session has ended */
  readonly signedOut: boolean
}

/** What the page knows of all hosts. */
type LiveHostsStore = {
  /** returns the state of a host; undefined: of the default one */
  ofHost: (key: string | undefined) => LiveStore
}

const LiveHostsContext = createContext<LiveHostsStore>()
const LiveContext = createContext<LiveStore>()

export type LiveProviderProps = {
  /** the source of messages. @default the server's `live.watch` and `live.poll` */
  source?: LiveSource
  children: JSX.Element
}

/** Provides the one live stream of this tab, about all hosts; the pages are about the default host. */
export function LiveProvider(props: LiveProviderProps): JSX.Element {
  // oxlint-disable-next-line solid/reactivity -- the stream is opened once, from the source that is given first
  const store = createLiveStore(props.source ?? createLiveSource(api))
  return (
    <LiveHostsContext.Provider value={store}>
      <LiveHostProvider host={undefined}>{props.children}</LiveHostProvider>
    </LiveHostsContext.Provider>
  )
}

/** Makes its children be about a host; undefined: the default one. It never changes. */
export function LiveHostProvider(props: { host: string | undefined; children: JSX.Element }): JSX.Element {
  const store = useContext(LiveHostsContext)
  if (!store) throw new Error('LiveHostProvider needs a LiveProvider around it')
  // oxlint-disable-next-line solid/reactivity -- another host gets another provider
  return <LiveContext.Provider value={store.ofHost(props.host)}>{props.children}</LiveContext.Provider>
}

type HostLevels = Pick<LiveStore, 'runtime' | 'jails' | 'operations'>
type Levels = Pick<LiveStore, 'connection' | 'lastMessageAt' | 'signedOut'> & {
  readonly hosts: Readonly<Record<string, HostLevels>>
}

function createLiveStore(source: LiveSource): LiveHostsStore {
  const [levels, setLevels] = createStore<Levels>({
    hosts: {},
    connection: 'connecting',
    lastMessageAt: undefined,
    signedOut: false,
  })
  // events never change, so they need no deep comparison
  const [states, setStates] = createSignal<LiveHosts>({})

  const batcher = createFrameBatcher<Live>((messages) => {
    const next = messages.reduce(reduceHosts, untrack(states))
    batch(() => {
      // only differences are written, so only they are drawn again
      setLevels(reconcile({ ...levels, hosts: levelsOf(next), lastMessageAt: Date.now() }, { key: 'name' }))
      setStates(next)
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
  return { ofHost: (key) => viewOf(levels, states, key) }
}

const levelsOf = (hosts: LiveHosts): Levels['hosts'] =>
  Object.fromEntries(
    Object.entries(hosts).map(([key, { runtime, jails, operations }]) => [
      key,
      { runtime, jails, operations },
    ]),
  )

/** The host of a page that names none, as the server chooses it: the only one, else the local one. */
const defaultKey = (hosts: Levels['hosts']): string => {
  const [only, ...others] = Object.keys(hosts)
  return only !== undefined && others.length === 0 ? only : LOCAL_HOST_KEY
}

/** Returns one host as one object over parts that are compared deeply and parts that are replaced. */
function viewOf(levels: Levels, states: Accessor<LiveHosts>, key: string | undefined): LiveStore {
  const hostKey = () => key ?? defaultKey(levels.hosts)
  // an object has more properties than its hosts, such as `constructor`
  const isKnown = createMemo(() => Object.keys(levels.hosts).includes(hostKey()))
  const host = () => (isKnown() ? levels.hosts[hostKey()] : undefined)
  const state = () => (isKnown() ? states()[hostKey()] : undefined) ?? emptyState
  // other hosts have events, too
  const feed = createMemo(() => state().feed)
  const counts = createMemo(() => state().counts)
  return {
    get runtime() {
      return host()?.runtime
    },
    get jails() {
      return host()?.jails
    },
    get operations() {
      return host()?.operations ?? emptyState.operations
    },
    get connection() {
      return levels.connection
    },
    get isUnknownHost() {
      return key !== undefined && levels.lastMessageAt !== undefined && !isKnown()
    },
    get lastMessageAt() {
      return levels.lastMessageAt
    },
    get signedOut() {
      return levels.signedOut
    },
    get feed() {
      return feed()
    },
    get counts() {
      return counts()
    },
  }
}

/** Returns the server's state, live. */
export function useLive(): LiveStore {
  const store = useContext(LiveContext)
  if (!store) throw new Error('useLive needs a LiveProvider around it')
  return store
}
