const steps: Readonly<Record<string, -1 | 1>> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }

/** Moves the focus to the same control of the next or previous row, with the arrow keys, j and k; `onEnd` is called at the last row. */
export function moveByKey(
  event: KeyboardEvent & { readonly currentTarget: HTMLElement },
  onEnd: () => void,
): void {
  const step = steps[event.key]
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
  const row = event.target instanceof Element ? event.target.closest('li') : null
  // a menu of a row is elsewhere in the document
  if (!row || row.parentElement !== event.currentTarget) return
  event.preventDefault()
  const next = step > 0 ? row.nextElementSibling : row.previousElementSibling
  if (step > 0 && !next?.nextElementSibling) onEnd()
  firstOf(next)?.focus()
}

/** The link of a row, or the first of its buttons. */
const firstOf = (row: Element | null): HTMLElement | null =>
  row?.querySelector<HTMLElement>('a[href]') ?? row?.querySelector<HTMLElement>('button') ?? null
