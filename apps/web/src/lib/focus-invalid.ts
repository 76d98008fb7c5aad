/** Leads to the first field of a form that has to be put right, so that nobody has to look for it. */
export function focusFirstInvalid(form: HTMLFormElement): void {
  form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
}
