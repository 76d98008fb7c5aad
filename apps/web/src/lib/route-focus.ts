let navigated = false

/** Told by the shell that the reader went to another page: from now on headings take the focus. */
export const markNavigated = (): void => {
  navigated = true
}

/** Gives the heading of a new page the focus, so that a screen reader says where one is; not on the first load. */
export function focusHeading(heading: HTMLElement): void {
  if (navigated && !document.querySelector('[role=dialog], [role=alertdialog]'))
    heading.focus({ preventScroll: true })
}
