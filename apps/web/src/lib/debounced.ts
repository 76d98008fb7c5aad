import { type Accessor, createEffect, createSignal, on, onCleanup } from 'solid-js'

/** A value once it has stood still for so many milliseconds; the first one at once. */
export function createDebounced<TValue>(value: Accessor<TValue>, milliseconds = 300): Accessor<TValue> {
  const [settled, setSettled] = createSignal(value())
  let timer: ReturnType<typeof setTimeout> | undefined
  createEffect(
    on(
      value,
      (next) => {
        clearTimeout(timer)
        timer = setTimeout(() => setSettled(() => next), milliseconds)
      },
      { defer: true },
    ),
  )
  onCleanup(() => clearTimeout(timer))
  return settled
}
