import { createVirtualizer } from '@tanstack/solid-virtual'
import { type Accessor, createEffect, createMemo, createSignal, onCleanup } from 'solid-js'
import { PAGE_SIZE } from './ban-view.ts'

/** In a narrower list, rows are cards. */
const MAX_CARD_WIDTH_PX = 720
const rowHeightsPx = { row: 44, card: 108 }

/** Returns which rows are in view. The page scrolls as a whole, and only rows in view are rendered. */
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
    estimateSize: () => (isCards() ? rowHeightsPx.card : rowHeightsPx.row),
    overscan: 6,
    get scrollMargin() {
      return offset()
    },
    // used before the page is laid out
    initialRect: { width: 1280, height: 800 },
    // "back" returns to the previous scroll offset
    initialOffset: () => scroller()?.scrollTop ?? 0,
  })

  const measure = () => {
    const element = frame()
    const around = scroller()
    // a list that became empty is removed
    if (!element?.isConnected || !around) return
    const wasCards = isCards()
    setCards(element.clientWidth > 0 && element.clientWidth < MAX_CARD_WIDTH_PX)
    setOffset(element.getBoundingClientRect().top - around.getBoundingClientRect().top + around.scrollTop)
    if (wasCards !== isCards()) virtualizer.measure()
  }
  createEffect(() => {
    const element = frame()
    if (!element || typeof ResizeObserver === 'undefined') return
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    // the elements above it may grow
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
