import type { Live } from '@bangui/shared'
import { connectionTimes as times } from './connection-times.ts'
import type { LiveSource } from './source.ts'
import type { createStreamTrust } from './stream-trust.ts'
import { createTimer } from './timer.ts'

type StreamOptions = {
  source: LiveSource
  trust: ReturnType<typeof createStreamTrust>
  mayOpen: () => boolean
  lastEventId: () => string | undefined
  onMessage: (message: Live, id: string) => void
  /** returns false if it must not be reopened */
  onBroken: (error: unknown) => boolean
}

type Stream = {
  isOpen: boolean
  /** a query returned events that the stream will send as well */
  isOvertaken: boolean
  close: () => void
}

/** Keeps one stream open; it is reopened after a while when it breaks or falls silent. */
export function createStream({ source, trust, mayOpen, lastEventId, ...on }: StreamOptions) {
  let current: Stream | undefined
  let failures = 0
  const retry = createTimer()
  const silence = createTimer()

  const leave = () => {
    const left = current
    current = undefined
    retry.stop()
    silence.stop()
    if (!left) return
    left.isOpen = false
    left.close()
  }

  const broken = (error: unknown) => {
    leave()
    if (!on.onBroken(error)) return
    retry.start(retryDelay(failures, trust.isHeld), open)
    failures += 1
  }

  const fallSilent = () => {
    trust.fellSilent()
    broken(undefined)
  }

  /** To be called on each message. Returns whether the stream's content counts. */
  const hear = (opened: Stream) => {
    const flowsAgain = trust.heard()
    silence.start(times.quietAfter, fallSilent)
    if (flowsAgain || (opened.isOvertaken && !trust.isHeld)) openNow()
    return opened.isOpen && !trust.isHeld
  }

  const open = () => {
    if (!mayOpen() || current) return
    retry.stop()
    const opened: Stream = { isOpen: true, isOvertaken: false, close: () => undefined }
    current = opened
    trust.opened()
    silence.start(times.trialFor, () => broken(undefined))
    const close = source.watch(lastEventId(), {
      onBeat: () => void (opened.isOpen && hear(opened)),
      onMessage: (message, id) => {
        if (!opened.isOpen || !hear(opened)) return
        failures = 0
        on.onMessage(message, id)
      },
      onBroken: (error) => opened.isOpen && broken(error),
      onEnd: () => opened.isOpen && broken(undefined),
    })
    // it may be broken already
    if (opened.isOpen) opened.close = close
    else close()
  }

  const openNow = () => {
    failures = 0
    leave()
    open()
  }
  return {
    leave,
    openNow,
    isOpen: () => current !== undefined,
    /** To be called when a query got a reply; `wasRequested`: the stream was open since the server replies. */
    serverAnswers({ wasRequested, hasEvents }: { wasRequested: boolean; hasEvents: boolean }) {
      if (current && hasEvents) current.isOvertaken = true
      if (!trust.isHeld && !(current && wasRequested)) openNow()
    },
  }
}

/** Returns half to all of a delay that doubles, in milliseconds, so that many pages do not reconnect at the same time. */
const retryDelay = (failures: number, isHeld: boolean) =>
  Math.min(times.firstRetry * 2 ** failures, isHeld ? times.longestTrialRetry : times.longestRetry) *
  (0.5 + Math.random() / 2)
