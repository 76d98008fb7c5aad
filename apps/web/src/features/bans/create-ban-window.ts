import { createVirtualizer } from '@tanstack/solid-virtual'
import { type Accessor, createEffect, createMemo, createSignal, onCleanup } from 'solid-js'
import { PAGE_SIZE } from './ban-view.ts'

/** Narrower than this, in px, rows are cards. */
const CARD_WIDTH = 720
const heights = { row: 44, card: 108 }

/** Which rows are in sight: the page scrolls as a whole, and only what is in sight is there. */
export function createBanWindow(count: Accessor<number>) {
  const [frame, setFrame] = createSignal<HTMLElement>()
  const [isCards, setCards] = createSignal(false)
  const [offset, setOffset] = createSignal(0)
  const scroller = () => document.querySelector('main')

  const virtualizer = createVirtualizer<HTMLElement, HTMLElement>({
    get count() {
      return count()
    },
    getScrollElement: scroller,
    estimateSize: () => (isCards() ? heights.card : heights.row),
    overscan: 6,
    get scrollMargin() {
      return offset()
    },
    // before the page is laid out
    // before the page is laid out
    initialRect: { width: 1280, height: 800 },
    // back leads to where one was
    initialOffset: () => scroller()?.scrollTop ?? 0,
  })

  const measure = () => {
    const element = frame()
    const around = scroller()
    // a list that became empty has no place any more
    if (!element?.isConnected || !around) return
    const wasCards = isCards()
    setCards(element.clientWidth > 0 && element.clientWidth < CARD_WIDTH)
    setOffset(element.getBoundingClientRect().top - around.getBoundingClientRect().top + around.scrollTop)
    if (wasCards !== isCards()) virtualizer.measure()
  }
  createEffect(() => {
    const element = frame()
    if (!element || typeof ResizeObserver === 'undefined') return
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    // what stands above it may grow
    if (element.parentElement?.parentElement) observer.observe(element.parentElement.parentElement)
    measure()
    onCleanup(() => observer.disconnect())
  })

  const pages = createMemo(() => [
    ...new Set(virtualizer.getVirtualItems().map((item) => Math.floor(item.index / PAGE_SIZE))),
  ])
  const itemsOf = (page: number) =>
    virtualizer.getVirtualItems().filter((item) => Math.floor(item.index / PAGE_SIZE) === page)

  return {
    setFrame,
    offset,
    pages,
    itemsOf,
    height: () => virtualizer.getTotalSize(),
    isAtTop: () => count() === 0 || (virtualizer.scrollOffset ?? 0) <= offset(),
    toTop: () => scroller()?.scrollTo({ top: 0 }),
  }
}
