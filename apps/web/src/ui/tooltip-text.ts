import { showHidden } from '@bangui/shared'
/** What is explained: an element with words of its own for it, or, with `data-whole`, one whose text may be cut. */
export function carrierOf(target: EventTarget | null): HTMLElement | null {
  if (!(target instanceof Element)) return null
  const carrier = target.closest<HTMLElement>('[data-tooltip], [data-whole]')
  return carrier && (carrier.dataset['tooltip'] !== undefined || isCut(carrier)) ? carrier : null
}

/** What its tooltip says. */
export const tooltipOf = (carrier: HTMLElement): string =>
  showHidden(carrier.dataset['tooltip'] ?? carrier.textContent)

/** Measured when it is pointed at: a long list carries the attribute and nothing else. */
const isCut = (element: HTMLElement): boolean =>
  element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight
