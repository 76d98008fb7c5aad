import type { Event } from '@bangui/shared'
import { type Accessor, createEffect, createMemo, createSignal, onCleanup, untrack } from 'solid-js'
import { createFrameBatcher } from '../live/frame-batcher.ts'
import type { FeedItem } from '../live/reducer.ts'

/** However many events come, the feed is redrawn at this interval. */
const DRAW_INTERVAL_MS = 250

export type FeedOptions = {
  /** newest first */
  items: Accessor<readonly FeedItem[]>
  matches: (event: Event) => boolean
  /** while somebody reads, rows do not move: new events are only counted */
  isHeld: Accessor<boolean>
  /** how many events are shown */
  rows: number
}

/** Shows events at a readable pace: the first at once, later ones at most four times a second, none while it is held. */
export function createFeed(options: FeedOptions) {
  const matching = createMemo(() => options.items().filter(({ event }) => options.matches(event)))
  const [drawn, setDrawn] = createSignal(untrack(matching))
  const [seen, setSeen] = createSignal(untrack(options.items)[0]?.id ?? 0)

  const draw = () =>
    untrack(() => {
      setDrawn(matching())
      setSeen(options.items()[0]?.id ?? 0)
    })
  // nobody reads an empty feed
  const mayMove = () => !options.isHeld() || drawn().length === 0
  const steps = createFrameBatcher<undefined>(
    () => {
      if (untrack(mayMove)) draw()
    },
    (callback) => {
      const timer = setTimeout(callback, DRAW_INTERVAL_MS)
      return () => clearTimeout(timer)
    },
  )
  createEffect(() => {
    matching()
    if (mayMove()) steps.push(undefined)
  })
  onCleanup(steps.stop)

  return {
    shown: () => drawn().slice(0, options.rows),
    /** how many events wait; 0 while the feed is not held */
    waiting: () => (options.isHeld() ? matching().filter(({ id }) => id > seen()).length : 0),
    draw,
  }
}
