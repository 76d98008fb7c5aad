import { useBeforeLeave } from '@solidjs/router'
import { onCleanup } from 'solid-js'

/** How long a page that "back" leads to may take until it is as long as before. */
const SCROLL_TIMEOUT_MS = 3_000

/** Events by which a reader scrolls: they end the restoring. */
const takesOver = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const

export interface ScrollPlaces {
  /** Another page is shown. */
  changed(): void
}

/**
 * Keeps the scroll offset of each page in the browser's history: a new page begins at its top, "back" and "forward" lead
 * to the previous offset, as soon as the page is long enough again. Must be called while components are created.
 */
export function createScrollPlaces(scroller: () => HTMLElement | undefined): ScrollPlaces {
  const places = new Map<number, number>()
  let isTraversal = false
  let stop: (() => void) | undefined

  const keep = () => {
    const element = scroller()
    if (element && !stop) places.set(depth(), element.scrollTop)
  }
  const goTo = (place: number) => {
    const element = scroller()
    if (element) stop = reach(element, place, () => (stop = undefined))
  }
  // a number is a step in the history
  useBeforeLeave(({ to }) => {
    isTraversal = typeof to === 'number'
  })
  addEventListener('scroll', keep, { capture: true, passive: true })
  onCleanup(() => {
    removeEventListener('scroll', keep, { capture: true })
    stop?.()
  })
  return {
    changed() {
      stop?.()
      const now = depth()
      const place = isTraversal ? places.get(now) : undefined
      // a new entry replaces all that were ahead; it comes a moment later
      if (!isTraversal) for (const known of places.keys()) if (known > now) places.delete(known)
      isTraversal = false
      goTo(place ?? 0)
    },
  }
}

/** Returns the number of the browser's history entry: the router numbers them. */
const depth = (): number => {
  const state: unknown = history.state
  return typeof state === 'object' && state !== null && '_depth' in state ? Number(state._depth) : 0
}

/** Scrolls to an offset as soon as it exists. Returns a function that ends the attempts, undefined if none is needed. */
function reach(element: HTMLElement, place: number, done: () => void): (() => void) | undefined {
  const until = performance.now() + SCROLL_TIMEOUT_MS
  let frame = 0
  let isOver = false
  const end = () => {
    isOver = true
    cancelAnimationFrame(frame)
    for (const type of takesOver) removeEventListener(type, end, { capture: true })
    done()
  }
  const look = () => {
    element.scrollTop = place
    const isThere = Math.abs(element.scrollTop - place) <= 1
    if (isThere || performance.now() > until) end()
    else frame = requestAnimationFrame(look)
  }
  for (const type of takesOver) addEventListener(type, end, { capture: true, passive: true })
  look()
  return isOver ? undefined : end
}
