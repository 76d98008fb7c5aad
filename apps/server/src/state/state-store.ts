import type { RuntimeState } from './runtime-state.ts'

/** A value that is read, changed by pure functions, and watched. */
export interface Store<TValue> {
  get(): TValue
  /** Applies a pure change at once and gives the new value; resolves when what must last has been written. */
  update(change: (value: TValue) => TValue): Promise<TValue>
  /** Yields the current value, then every later one that a user can tell apart; a slow reader skips, never lags. */
  watch(signal: AbortSignal): AsyncIterable<TValue>
}

/** The port behind which the runtime state lives. */
export type StateStore = Store<RuntimeState>
