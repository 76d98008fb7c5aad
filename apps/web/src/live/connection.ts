import type { Live } from '@bangui/shared'
import { describeError } from '../api/errors.ts'
import type { LiveSource } from './source.ts'
import { watchPage, type PageState } from './page-state.ts'

/** How the stream stands, as a person is told: short breaks are not worth a word. */
export type ConnectionState = 'connecting' | 'live' | 'reconnecting' | 'offline'

/** All in milliseconds. */
export const connectionTimes = {
  /** a hidden page keeps its stream that long: six streams block a browser's HTTP/1.1 connections to one host */
  hiddenFor: 10_000,
  reconnectingAfter: 4_000,
  offlineAfter: 20_000,
  firstRetry: 500,
  longestRetry: 10_000,
} as const

export type ConnectionOptions = {
  source: LiveSource
  onMessage: (message: Live) => void
  onState: (state: ConnectionState) => void
  /** the session is over: nothing is tried again */
  onSignedOut: () => void
  page?: PageState
}

type Stream = { isOpen: boolean; unsubscribe: () => void }

/** Keeps one stream open while the page is seen, and opens it again, after the last id, whenever it breaks. */
export function createConnection(options: ConnectionOptions): { close: () => void } {
  const page = options.page ?? watchPage
  let stream: Stream | undefined
  let lastEventId: string | undefined
  let failures = 0
  let refusals = 0
  let over = false
  let asleep = false
  const retry = createTimer()
  const hidden = createTimer()
  const status = createStatus(options.onState)

  const open = () => {
    retry.stop()
    if (over || asleep || stream) return
    const opened: Stream = { isOpen: true, unsubscribe: () => undefined }
    stream = opened
    const broken = (error: unknown) => {
      if (!opened.isOpen) return
      leave()
      fail(error)
    }
    const unsubscribe = options.source(lastEventId, {
      onMessage: (message, id) => {
        if (!opened.isOpen) return
        failures = 0
        refusals = 0
        lastEventId = id
        status.up()
        options.onMessage(message)
      },
      onBroken: broken,
      onEnd: () => broken(undefined),
    })
    // it may have broken already
    if (opened.isOpen) opened.unsubscribe = unsubscribe
    else unsubscribe()
  }

  const leave = () => {
    const left = stream
    stream = undefined
    if (!left) return
    left.isOpen = false
    left.unsubscribe()
  }

  const fail = (error: unknown) => {
    if (isSignedOut(error)) {
      refusals += 1
      if (refusals > patience) {
        close()
        options.onSignedOut()
        return
      }
    }
    status.down()
    retry.start(retryDelay(failures), open)
    failures += 1
  }

  const stopWatching = page({
    onHidden: () =>
      hidden.start(connectionTimes.hiddenFor, () => {
        asleep = true
        retry.stop()
        leave()
        status.paused()
      }),
    onVisible: () => {
      hidden.stop()
      asleep = false
      if (stream || over) return
      status.down()
      failures = 0
      open()
    },
    onOnline: () => {
      failures = 0
      open()
    },
  })

  const close = () => {
    over = true
    retry.stop()
    hidden.stop()
    status.stop()
    stopWatching()
    leave()
  }

  status.down()
  open()
  return { close }
}

/** A new password ends the stream a moment before the answer brings the new session: that often it is tried again. */
const patience = 2

const isSignedOut = (error: unknown) => error !== undefined && describeError(error).reason === 'no_session'

/** Half to all of a time that doubles, so that many pages do not come back in step. */
const retryDelay = (failures: number) =>
  Math.min(connectionTimes.firstRetry * 2 ** failures, connectionTimes.longestRetry) *
  (0.5 + Math.random() / 2)

function createTimer() {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = () => clearTimeout(timer)
  const start = (milliseconds: number, run: () => void) => {
    stop()
    timer = setTimeout(run, milliseconds)
  }
  return { start, stop }
}

/** Words the state: a break counts only once it has lasted. */
function createStatus(onState: (state: ConnectionState) => void) {
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
  return {
    stop,
    paused: stop,
    up: () => {
      stop()
      set('live')
    },
    down: () => {
      if (waiting || state === 'reconnecting' || state === 'offline') return
      waiting = true
      timer.start(connectionTimes.reconnectingAfter, () => {
        set('reconnecting')
        timer.start(connectionTimes.offlineAfter - connectionTimes.reconnectingAfter, () => {
          waiting = false
          set('offline')
        })
      })
    },
  }
}
