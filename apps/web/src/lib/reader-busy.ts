const FIELDS = 'input, textarea, select, [contenteditable]'
/** Things that stand over the page while somebody decides, and what can still be undone. */
const DECISIONS = '[role=dialog], [role=alertdialog], [role=menu], [data-undoable]'

const touched = new Set<Element>()

/** Notes what somebody fills in, until it leaves the page. */
export function watchFields(): void {
  const note = ({ target }: Event) => {
    for (const field of touched) if (!field.isConnected) touched.delete(field)
    if (target instanceof Element) touched.add(target)
  }
  addEventListener('input', note, { capture: true })
  addEventListener('change', note, { capture: true })
}

/** Whether something is being typed, was filled in, or is being decided, which a reload would lose. */
export function isReaderBusy(): boolean {
  if (document.activeElement?.matches(FIELDS)) return true
  if ([...touched].some((field) => field.isConnected)) return true
  return document.querySelector(DECISIONS) !== null
}
