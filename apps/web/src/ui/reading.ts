import { createSignal } from 'solid-js'

/**
 * Whether somebody reads a part of the page: the pointer rests on it, or the keyboard or a menu of it is there. What is
 * read must not move. A finger that has tapped does not count: it never leaves.
 */
export function createReading() {
  const [pointed, setPointed] = createSignal(false)
  const [focused, setFocused] = createSignal(false)
  const handlers = {
    onPointerEnter: (event: PointerEvent) => {
      if (event.pointerType !== 'touch') setPointed(true)
    },
    onPointerLeave: () => setPointed(false),
    // a menu is no part of the document's tree here, but of the component's
    onFocusIn: (event: FocusEvent) => setFocused(isReader(event.target)),
    onFocusOut: () => setFocused(false),
  }
  return { isReading: () => pointed() || focused(), handlers }
}

const isReader = (target: EventTarget | null) =>
  target instanceof Element && (target.matches(':focus-visible') || target.closest('[role=menu]') !== null)
