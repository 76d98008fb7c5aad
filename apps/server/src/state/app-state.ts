import {
  type AlertsSummary,
  defaultRuntimeSettings,
  noAlertsSummary,
  type RuntimeSettings,
} from '@bangui/shared'
import { createMemoryStore } from './memory-store.ts'
import type { Store } from './state-store.ts'

/** What changes while the server runs and concerns no host in particular; the state of each host repeats it. */
export interface AppState {
  readonly setupComplete: boolean
  readonly runtimeSettings: RuntimeSettings
  readonly demo: boolean
  readonly version: string
  /** of the web interface; null: none is served */
  readonly build: string | null
  readonly alerts: AlertsSummary
}

export interface AppStateStore extends Store<AppState> {
  /** Calls the listener with each later state at once, until the returned function is called. */
  listen(listener: (state: AppState) => void): () => void
  /** Returns the number of the next change that users see, of any host. */
  nextRevision(): number
}

/** Creates the state of a process. */
export function createAppState(
  initial: Pick<AppState, 'demo' | 'version'> & Partial<AppState>,
): AppStateStore {
  const store = createMemoryStore<AppState>({
    initial: {
      setupComplete: false,
      runtimeSettings: defaultRuntimeSettings,
      build: null,
      alerts: noAlertsSummary,
      ...initial,
    },
  })
  let revision = 0
  const listeners = new Set<(state: AppState) => void>()
  return {
    ...store,
    async update(change) {
      const updating = store.update(change)
      for (const listener of listeners) listener(store.get())
      return updating
    },
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    nextRevision: () => (revision += 1),
  }
}
