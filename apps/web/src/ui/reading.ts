import { createSignal } from 'solid-js'

/**
 * Returns whether somebody reads a part of the page: the pointer is over it, or it or its menu has the focus. Rows must not
 * move then. A finger that has tapped does not count, because it never leaves.
 */
export function createReading() {
  const [pointed, setPointed] = createSignal(false)
  const [focused, setFocused] = createSignal(false)
  const handlers = {
    onPointerEnter: (event: PointerEvent) => {
      if (event.pointerType !== 'touch') setPointed(true)
    },
    onPointerLeave: () => setPointed(false),
    // a menu is outside this element in the document, but inside it in the component tree
    onFocusIn: (event: FocusEvent) => setFocused(isReader(event.target)),
    onFocusOut: () => setFocused(false),
  }
  return { isReading: () => pointed() || focused(), handlers }
}

const isReader = (target: EventTarget | null) =>
  target instanceof Element && (target.matches(':focus-visible') || target.closest('[role=menu]') !== null)
