import { onCleanup, onMount } from 'solid-js'

/** Remembers where an element is; gives what puts the focus back there, or to the nearest part around it that is left. */
export function rememberPlace(element: Element | null = document.activeElement): () => void {
  const path: HTMLElement[] = []
  for (let each = element; each instanceof HTMLElement && each !== document.body; each = each.parentElement)
    path.push(each)
  return () => focusPart(path.find((each) => each.isConnected))
}

/**
 * When the focused element disappears (a row that ended, a bar that is no longer needed), moves the focus to the
 * nearest remaining part around it, instead of the top of the document.
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
      // a click on nothing takes the focus away; a vanishing element gets the event before it goes, and is gone by then
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
      // the code that removed it may have moved the focus by then
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

/** What floats takes the focus by itself, a moment after it is there, and closes when anything else has it. */
const isTaken = () => document.querySelector('[role=menu], [role=dialog], [role=alertdialog]') !== null

/** Gives the focus also to what usually takes none, for as long as it stays there. */
function focusPart(part: HTMLElement | undefined): void {
  if (!part) return
  part.focus({ preventScroll: true })
  if (document.activeElement === part) return
  part.setAttribute('tabindex', '-1')
  part.addEventListener('blur', () => part.removeAttribute('tabindex'), { once: true })
  part.focus({ preventScroll: true })
}
