import type { RuntimeState } from './runtime-state.ts'

/** A value that is read, changed by pure functions, and watched. */
export interface Store<TValue> {
  get(): TValue
  /** Applies a pure change at once. Resolves with the new value when its durable part is written. */
  update(change: (value: TValue) => TValue): Promise<TValue>
  /** Yields the current value, then every change; a slow reader skips values. */
  watch(signal: AbortSignal): AsyncIterable<TValue>
}

/** The port behind which the runtime state lives. */
export type StateStore = Store<RuntimeState>
