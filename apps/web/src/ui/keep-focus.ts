import { onCleanup, onMount } from 'solid-js'

/** Remembers where an element is. Returns a function that focuses that place, or the nearest remaining element around it. */
export function rememberPlace(element: Element | null = document.activeElement): () => void {
  const path: HTMLElement[] = []
  for (let each = element; each instanceof HTMLElement && each !== document.body; each = each.parentElement)
    path.push(each)
  return () => focusPart(path.find((each) => each.isConnected))
}

/**
 * When the focused element disappears (a row that ended, a bar that is no longer needed), focuses the nearest remaining
 * element around it instead of the top of the document.
 */
export function keepFocus(root: () => HTMLElement | undefined): void {
  onMount(() => {
    const element = root()
    if (!element) return
    let last: { target: HTMLElement; restore: () => void } | undefined
    let frame: number | undefined
    const onFocusIn = ({ target }: FocusEvent) => {
      if (target instanceof HTMLElement) last = { target, restore: rememberPlace(target) }
    }
    const onFocusOut = ({ target, relatedTarget }: FocusEvent) => {
      if (relatedTarget !== null) last = undefined
      // a click on nothing blurs an element that is still there; a removed element gets the event before it is removed
      requestAnimationFrame(() => {
        const isLeft = last?.target === target && last?.target.isConnected
        if (isLeft && document.activeElement !== target) last = undefined
      })
    }
    const look = () => {
      frame = undefined
      if (!last || last.target.isConnected) return
      const { restore } = last
      last = undefined
      if (document.activeElement === document.body && !isTaken()) restore()
    }
    const observer = new MutationObserver(() => {
      // the code that removed it may have moved the focus
      if (last && !last.target.isConnected) frame ??= requestAnimationFrame(look)
    })
    element.addEventListener('focusin', onFocusIn)
    element.addEventListener('focusout', onFocusOut)
    observer.observe(element, { childList: true, subtree: true })
    onCleanup(() => {
      element.removeEventListener('focusin', onFocusIn)
      element.removeEventListener('focusout', onFocusOut)
      observer.disconnect()
      if (frame !== undefined) cancelAnimationFrame(frame)
    })
  })
}

/** Floating elements take the focus themselves, a moment after they open, and close when anything else has it. */
const isTaken = () => document.querySelector('[role=menu], [role=dialog], [role=alertdialog]') !== null

/** Focuses also an element that is usually not focusable, for as long as it keeps the focus. */
function focusPart(part: HTMLElement | undefined): void {
  if (!part) return
  part.focus({ preventScroll: true })
  if (document.activeElement === part) return
  part.setAttribute('tabindex', '-1')
  part.addEventListener('blur', () => part.removeAttribute('tabindex'), { once: true })
  part.focus({ preventScroll: true })
}
