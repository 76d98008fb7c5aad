import { onCleanup, onMount } from 'solid-js'

/** Focuses a search field when `/` is pressed, unless the reader types into another field. */
export function onSlash(field: () => HTMLInputElement | undefined): void {
  onMount(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping()) return
      event.preventDefault()
      field()?.focus()
      field()?.select()
    }
    addEventListener('keydown', onKey)
    onCleanup(() => removeEventListener('keydown', onKey))
  })
}

/** Returns whether keys go into a field or a dialog. */
function isTyping(): boolean {
  const active = document.activeElement
  return (
    (active instanceof HTMLElement &&
      active.matches('input:not([type=radio], [type=checkbox]), textarea, select')) ||
    document.querySelector('[role=dialog], [role=alertdialog]') !== null
  )
}
