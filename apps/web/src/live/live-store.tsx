import type { Jail, Live, RuntimeSnapshot } from '@bangui/shared'
import { createContext, type JSX, onCleanup, useContext } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import { api } from '../api/client.ts'
import { type ConnectionState, createConnection } from './connection.ts'
import { createFrameBatcher } from './frame-batcher.ts'
import { emptyState, reduceLive } from './reducer.ts'
import { createLiveSource, type LiveSource } from './source.ts'

/** What the page knows of the server, as it changes. */
export type LiveStore = {
  /** undefined until the first message */
  readonly runtime: RuntimeSnapshot | undefined
  /** every jail by name; undefined until known */
  readonly jails: readonly Jail[] | undefined
  readonly connection: ConnectionState
  /** when the last message came, epoch milliseconds */
  readonly lastMessageAt: number | undefined
  /** the server says that the session is over */
  readonly signedOut: boolean
}

const LiveContext = createContext<LiveStore>()

export type LiveProviderProps = {
  /** where the messages come from. @default the server's `live.watch` */
  source?: LiveSource
  children: JSX.Element
}

/** Holds the one live stream of this tab. */
export function LiveProvider(props: LiveProviderProps): JSX.Element {
  // oxlint-disable-next-line solid/reactivity -- the source never changes
  const store = createLiveStore(props.source ?? createLiveSource(api))
  return <LiveContext.Provider value={store}>{props.children}</LiveContext.Provider>
}

function createLiveStore(source: LiveSource): LiveStore {
  const [store, setStore] = createStore<LiveStore>({
    ...emptyState,
    connection: 'connecting',
    lastMessageAt: undefined,
    signedOut: false,
  })
  let state = emptyState

  const batcher = createFrameBatcher<Live>((messages) => {
    state = messages.reduce(reduceLive, state)
    // only what differs is written, so only what differs is drawn again
    setStore(reconcile({ ...store, ...state, lastMessageAt: Date.now() }, { key: 'name' }))
  })
  const connection = createConnection({
    source,
    onMessage: batcher.push,
    onState: (next) => setStore({ connection: next }),
    onSignedOut: () => setStore({ signedOut: true }),
  })
  onCleanup(() => {
    connection.close()
    batcher.stop()
  })
  return store
}

/** What the server tells, live. */
export function useLive(): LiveStore {
  const store = useContext(LiveContext)
  if (!store) throw new Error('useLive needs a LiveProvider around it')
  return store
}
