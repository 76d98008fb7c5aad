/** Lets a loop sleep until something happens. What happens while it does not sleep ends its next sleep at once. */
export interface Wakeup {
  wake(): void
  /** Sleeps for at most so many milliseconds. */
  sleep(milliseconds: number): Promise<void>
}

/** Creates a wakeup that also wakes when the signal aborts. */
export function createWakeup(signal: AbortSignal): Wakeup {
  let isAwake = false
  let wakeSleeper: (() => void) | undefined
  const wake = () => {
    isAwake = true
    wakeSleeper?.()
  }
  signal.addEventListener('abort', wake, { once: true })
  return {
    wake,
    async sleep(milliseconds) {
      if (!isAwake && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds)
          wakeSleeper = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      wakeSleeper = undefined
      isAwake = false
    },
  }
}
