import { connectionTimes } from './connection-times.ts'
import { createTimer } from './timer.ts'

/** How the page is connected, as people see it: short interruptions are not shown. */
export type ConnectionState = 'connecting' | 'live' | 'polling' | 'reconnecting' | 'offline'

/** Whether what is on screen is at most some seconds old. */
export const isCurrent = (state: ConnectionState): boolean => state === 'live' || state === 'polling'

/** Words the state: a break counts only once it has lasted. `onBreak` is called when it has. */
export function createStatus(onState: (state: ConnectionState) => void, onBreak: () => void) {
  const timer = createTimer()
  let state: ConnectionState = 'connecting'
  let waiting = false
  const set = (next: ConnectionState) => {
    if (next === state) return
    state = next
    onState(next)
  }
  const stop = () => {
    timer.stop()
    waiting = false
  }
  const giveUp = () =>
    timer.start(connectionTimes.offlineAfter - connectionTimes.reconnectingAfter, () => {
      waiting = false
      set('offline')
    })
  return {
    stop,
    paused: stop,
    /** Takes in a sign that the page knows what is so now, by the stream or by queries. */
    up(by: 'live' | 'polling') {
      stop()
      set(by)
    },
    /** Takes in an answer to a query while the stream may still come: the server is not away. */
    reached() {
      if (!waiting && state !== 'offline') return
      waiting = true
      if (state === 'offline') set('reconnecting')
      giveUp()
    },
    down() {
      if (waiting || state === 'reconnecting' || state === 'offline') return
      waiting = true
      timer.start(connectionTimes.reconnectingAfter, () => {
        // a page that was never connected has nothing that broke
        if (state !== 'connecting') set('reconnecting')
        onBreak()
        giveUp()
      })
    },
  }
}
