import type { Live, LivePoll } from '@bangui/shared'
import { describeError } from '../api/errors.ts'
import { noteServer } from '../lib/server-reach.ts'
import { type ConnectionState, createStatus } from './connection-status.ts'
import { followSleep } from './page-sleep.ts'
import { type PageState, watchPage } from './page-state.ts'
import { createPolling } from './polling.ts'
import type { LiveSource } from './source.ts'
import { createStream } from './stream.ts'
import { createStreamTrust } from './stream-trust.ts'

export type ConnectionOptions = {
  source: LiveSource
  onMessage: (message: Live) => void
  onState: (state: ConnectionState) => void
  /** called when the session has ended: there are no more retries */
  onSignedOut: () => void
  page?: PageState
}

/**
 * Keeps one stream open while the page is visible, and reopens it after the last event id whenever it breaks. While no
 * stream gets through, the page polls instead.
 */
export function createConnection(options: ConnectionOptions): { close: () => void } {
  const { source } = options
  let lastEventId: string | undefined
  const refusals = createRefusals()
  let over = false
  const trust = createStreamTrust()

  /** Closes the connection if the session has ended for good. Returns whether it has. */
  const isOver = (error: unknown) => {
    if (!refusals.isFinal(error)) return false
    close()
    options.onSignedOut()
    return true
  }

  const polling = createPolling<LivePoll>({
    request: (signal) => source.poll(lastEventId, signal),
    onAnswer: ({ id, messages }, queriedAt) => {
      refusals.reset()
      lastEventId = id
      noteServer(true)
      for (const message of messages) options.onMessage(message)
      const wasRequested = trust.answered(queriedAt)
      if (trust.isHeld) status.up('polling')
      else status.reached()
      stream.serverAnswers({ wasRequested, hasEvents: messages.some(({ type }) => type === 'events') })
    },
    onFailure: (error) => {
      trust.unanswered()
      noteServer(isAnswer(error))
      if (!isOver(error)) status.down()
    },
  })
  const status = createStatus(options.onState, polling.start)

  const stream = createStream({
    source,
    trust,
    mayOpen: () => !over && !sleep.isAsleep(),
    lastEventId: () => lastEventId,
    onMessage: (message, id) => {
      refusals.reset()
      lastEventId = id
      noteServer(true)
      polling.stop()
      status.up('live')
      options.onMessage(message)
    },
    onBroken: (error) => {
      if (!trust.isHeld) noteServer(isAnswer(error))
      if (isOver(error)) return false
      if (trust.isHeld) polling.start()
      else status.down()
      return true
    },
  })

  const wake = () => {
    status.down()
    if (trust.isHeld) polling.start()
    stream.openNow()
  }
  const sleep = followSleep(options.page ?? watchPage, {
    onSleep: () => {
      polling.stop()
      stream.leave()
      status.paused()
    },
    onVisible: ({ slept }) => {
      if (!over && (slept || !stream.isOpen())) wake()
    },
    onOnline: () => {
      if (!stream.isOpen()) stream.openNow()
    },
  })

  const close = () => {
    over = true
    status.stop()
    polling.stop()
    sleep.stop()
    stream.leave()
  }

  wake()
  return { close }
}

/** Returns whether the server itself reported the error. */
const isAnswer = (error: unknown) => error !== undefined && describeError(error).reason !== 'unreachable'

/** A changed password ends the stream a moment before the reply brings the new session, so the first refusals are ignored. */
const MAX_IGNORED_REFUSALS = 2

function createRefusals() {
  let count = 0
  return {
    reset: () => (count = 0),
    /** Returns whether the error means that the session has ended for good. */
    isFinal: (error: unknown) => {
      if (error === undefined || describeError(error).reason !== 'no_session') return false
      count += 1
      return count > MAX_IGNORED_REFUSALS
    },
  }
}
