import { type Accessor, createEffect, createSignal, onCleanup } from 'solid-js'

/** Returns a value once it has not changed for that many milliseconds; the first value at once. */
export function createDebounced<TValue>(value: Accessor<TValue>, milliseconds = 300): Accessor<TValue> {
  const [settled, setSettled] = createSignal(value())
  let timer: ReturnType<typeof setTimeout> | undefined
  createEffect((isFirst: boolean) => {
    const next = value()
    clearTimeout(timer)
    if (!isFirst) timer = setTimeout(() => setSettled(() => next), milliseconds)
    return false
  }, true)
  onCleanup(() => clearTimeout(timer))
  return settled
}
