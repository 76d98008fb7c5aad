/** Schedules a callback before the next frame. Returns a function that cancels it. */
export type RequestFrame = (callback: () => void) => () => void

/** Delivers the first item after a pause at once, and later ones in one batch per frame. */
export function createFrameBatcher<TItem>(
  apply: (items: readonly TItem[]) => void,
  requestFrame: RequestFrame = nextFrame,
) {
  let waiting: TItem[] = []
  let cancel: (() => void) | undefined

  const onFrame = () => {
    cancel = undefined
    if (waiting.length === 0) return
    const items = waiting
    waiting = []
    cancel = requestFrame(onFrame)
    apply(items)
  }

  return {
    push(item: TItem): void {
      if (cancel) {
        waiting.push(item)
        return
      }
      cancel = requestFrame(onFrame)
      apply([item])
    },
    stop(): void {
      cancel?.()
      cancel = undefined
      waiting = []
    },
  }
}

// a hidden page draws no frames, but its title still shows the state
function nextFrame(callback: () => void): () => void {
  if (document.visibilityState === 'hidden') {
    const timer = setTimeout(callback, 250)
    return () => clearTimeout(timer)
  }
  const frame = requestAnimationFrame(callback)
  return () => cancelAnimationFrame(frame)
}
