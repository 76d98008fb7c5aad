import { useBeforeLeave } from '@solidjs/router'
import { onCleanup } from 'solid-js'

/** How long a page that is led back to may take until it is as long as it was, in milliseconds. */
const PATIENCE = 3_000

/** What a reader does to scroll: who does it wants to be elsewhere. */
const takesOver = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const

export interface ScrollPlaces {
  /** The page in sight is another one. */
  changed(): void
}

/**
 * Keeps how far each page of the browser's history was scrolled: another page begins at its top, "back" and "forward" lead
 * to the place that was left, as soon as the page is long enough again. To be called where components are made.
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
  // a number is a way along the history
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
      // a new entry takes the place of all that were ahead; it comes a moment later
      if (!isTraversal) for (const known of places.keys()) if (known > now) places.delete(known)
      isTraversal = false
      goTo(place ?? 0)
    },
  }
}

/** Which entry of the browser's history this is: the router numbers them. */
const depth = (): number => {
  const state: unknown = history.state
  return typeof state === 'object' && state !== null && '_depth' in state ? Number(state._depth) : 0
}

/** Scrolls to a place as soon as it is there; gives what ends the attempts, undefined where none is needed. */
function reach(element: HTMLElement, place: number, done: () => void): (() => void) | undefined {
  const until = performance.now() + PATIENCE
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
