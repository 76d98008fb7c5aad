const GAP_PX = 6
const EDGE_PX = 8

/** Places a bubble above or below an element, inside the window. */
export function place(bubble: HTMLElement, element: HTMLElement): void {
  const anchor = element.getBoundingClientRect()
  const size = bubble.getBoundingClientRect()
  const width = document.documentElement.clientWidth
  const above = anchor.top - GAP_PX - size.height
  const top = above >= EDGE_PX ? above : anchor.bottom + GAP_PX
  const centred = anchor.left + anchor.width / 2 - size.width / 2
  const left = Math.max(EDGE_PX, Math.min(centred, width - size.width - EDGE_PX))
  bubble.style.top = `${Math.round(top)}px`
  bubble.style.left = `${Math.round(left)}px`
}
