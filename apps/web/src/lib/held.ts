import { type Accessor, createMemo, createSignal } from 'solid-js'

/** Keeps a value as it is while the pointer or the focus is on what shows it, so that rows do not jump under them. */
export function createHeld<TValue>(value: Accessor<TValue>) {
  const [pointed, setPointed] = createSignal(false)
  const [focused, setFocused] = createSignal(false)
  const held = createMemo((before: { value: TValue } | undefined): { value: TValue } => {
    if (before && (pointed() || focused())) return before
    return { value: value() }
  }, undefined)
  const handlers = {
    onPointerEnter: (event: PointerEvent) => {
      if (event.pointerType !== 'touch') setPointed(true)
    },
    onPointerLeave: () => setPointed(false),
    onFocusIn: () => setFocused(true),
    onFocusOut: () => setFocused(false),
  }
  return { value: () => held().value, handlers }
}
