import { showHidden } from '@bangui/shared'
/** Returns the element with a tooltip: one with its own text for it, or, with `data-whole`, one whose text is cut. */
export function tooltipTarget(target: EventTarget | null): HTMLElement | null {
  if (!(target instanceof Element)) return null
  const carrier = target.closest<HTMLElement>('[data-tooltip], [data-whole]')
  return carrier && (carrier.dataset['tooltip'] !== undefined || isCut(carrier)) ? carrier : null
}

/** Returns the text of its tooltip. */
export const tooltipOf = (carrier: HTMLElement): string =>
  showHidden(carrier.dataset['tooltip'] ?? carrier.textContent)

/** Measured on hover, so that each row of a long list needs only the attribute. */
const isCut = (element: HTMLElement): boolean =>
  element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight
