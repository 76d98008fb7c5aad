import { connectionTimes as times } from './connection-times.ts'
import type { PageState } from './page-state.ts'
import { createTimer } from './timer.ts'

export type SleepHandlers = {
  /** the page has been hidden for a while */
  onSleep: () => void
  onVisible: (page: { slept: boolean }) => void
  onOnline: () => void
}

/** Follows the visibility of the page. A page that stays hidden for a while sleeps until it is visible again. */
export function followSleep(watch: PageState, handlers: SleepHandlers) {
  const hidden = createTimer()
  let asleep = false
  const stopWatching = watch({
    onHidden: () =>
      hidden.start(times.hiddenFor, () => {
        asleep = true
        handlers.onSleep()
      }),
    onVisible: () => {
      hidden.stop()
      const slept = asleep
      asleep = false
      handlers.onVisible({ slept })
    },
    onOnline: handlers.onOnline,
  })
  return {
    isAsleep: () => asleep,
    stop: () => {
      hidden.stop()
      stopWatching()
    },
  }
}
