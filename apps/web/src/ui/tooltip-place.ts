const gap = 6
const edge = 8

/** Puts a bubble above or below an element, inside the window. */
export function place(bubble: HTMLElement, element: HTMLElement): void {
  const anchor = element.getBoundingClientRect()
  const size = bubble.getBoundingClientRect()
  const width = document.documentElement.clientWidth
  const above = anchor.top - gap - size.height
  const top = above >= edge ? above : anchor.bottom + gap
  const centred = anchor.left + anchor.width / 2 - size.width / 2
  const left = Math.max(edge, Math.min(centred, width - size.width - edge))
  bubble.style.top = `${Math.round(top)}px`
  bubble.style.left = `${Math.round(left)}px`
}
