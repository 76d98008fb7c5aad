import { connectionTimes } from './connection-times.ts'
import { createTimer } from './timer.ts'

/** The state of the connection as the page shows it: short interruptions are not shown. */
export type ConnectionState = 'connecting' | 'live' | 'polling' | 'reconnecting' | 'offline'

/** Returns whether the data on screen is at most some seconds old. */
export const isCurrent = (state: ConnectionState): boolean => state === 'live' || state === 'polling'

/** Derives the state: an interruption counts only once it has lasted. `onBreak` is called then. */
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
    /** To be called when the page has current data, by the stream or by polling. */
    up(by: 'live' | 'polling') {
      stop()
      set(by)
    },
    /** To be called when a query got a reply while the stream may still come: the server is reachable. */
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
        // a page that was never connected has lost nothing
        if (state !== 'connecting') set('reconnecting')
        onBreak()
        giveUp()
      })
    },
  }
}
