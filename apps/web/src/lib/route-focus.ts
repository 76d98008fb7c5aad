let navigated = false

/** To be called by the shell after navigation: from now on headings take the focus. */
export const markNavigated = (): void => {
  navigated = true
}

/** Focuses the heading of a new page, so that a screen reader announces it; not on the first load. */
export function focusHeading(heading: HTMLElement): void {
  if (navigated && !document.querySelector('[role=dialog], [role=alertdialog]'))
    heading.focus({ preventScroll: true })
}
