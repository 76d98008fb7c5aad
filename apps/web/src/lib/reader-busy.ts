const FIELDS = 'input, textarea, select, [contenteditable]'
/** Elements that are open while somebody decides, and actions that can still be undone. */
const DECISIONS = '[role=dialog], [role=alertdialog], [role=menu], [data-undoable]'

const touched = new Set<Element>()

/** Records which fields the reader fills in, until they leave the page. */
export function watchFields(): void {
  const note = ({ target }: Event) => {
    for (const field of touched) if (!field.isConnected) touched.delete(field)
    if (target instanceof Element) touched.add(target)
  }
  addEventListener('input', note, { capture: true })
  addEventListener('change', note, { capture: true })
}

/** Returns whether a reload would lose something: a field that was filled in, or an open decision. */
export function isReaderBusy(): boolean {
  if (document.activeElement?.matches(FIELDS)) return true
  if ([...touched].some((field) => field.isConnected)) return true
  return document.querySelector(DECISIONS) !== null
}
