import type { Live, LivePoll } from '@bangui/shared'
import { describeError } from '../api/errors.ts'
import { noteServer } from '../lib/server-reach.ts'
import { type ConnectionState, createStatus } from './connection-status.ts'
import { connectionTimes as times } from './connection-times.ts'
import { type PageState, watchPage } from './page-state.ts'
import { createPolling } from './polling.ts'
import type { LiveSource } from './source.ts'
import { createStream } from './stream.ts'
import { createStreamTrust } from './stream-trust.ts'
import { createTimer } from './timer.ts'

export type ConnectionOptions = {
  source: LiveSource
  onMessage: (message: Live) => void
  onState: (state: ConnectionState) => void
  /** the session is over: nothing is tried again */
  onSignedOut: () => void
  page?: PageState
}

/**
 * Keeps one stream open while the page is visible, and reopens it, after the last id, whenever it breaks. While no
 * stream gets through, queries replace it.
 */
export function createConnection(options: ConnectionOptions): { close: () => void } {
  const { source } = options
  let lastEventId: string | undefined
  let refusals = 0
  let over = false
  let asleep = false
  const trust = createStreamTrust()
  const hidden = createTimer()

  /** Returns whether an error says for good that the session is over. */
  const isOver = (error: unknown) => {
    if (error === undefined || describeError(error).reason !== 'no_session') return false
    refusals += 1
    if (refusals <= REFUSALS_FORGIVEN) return false
    close()
    options.onSignedOut()
    return true
  }

  const polling = createPolling<LivePoll>({
    ask: (signal) => source.poll(lastEventId, signal),
    onAnswer: ({ id, messages }, queriedAt) => {
      refusals = 0
      lastEventId = id
      noteServer(true)
      for (const message of messages) options.onMessage(message)
      const wasAsked = trust.answered(queriedAt)
      if (trust.isHeld) status.up('polling')
      else status.reached()
      stream.serverAnswers({ wasAsked, hasEvents: messages.some(({ type }) => type === 'events') })
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
    mayOpen: () => !over && !asleep,
    lastEventId: () => lastEventId,
    onMessage: (message, id) => {
      refusals = 0
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
  const stopWatching = (options.page ?? watchPage)({
    onHidden: () =>
      hidden.start(times.hiddenFor, () => {
        asleep = true
        polling.stop()
        stream.leave()
        status.paused()
      }),
    onVisible: () => {
      hidden.stop()
      const slept = asleep
      asleep = false
      if (!over && (slept || !stream.isOpen())) wake()
    },
    onOnline: () => {
      if (!stream.isOpen()) stream.openNow()
    },
  })

  const close = () => {
    over = true
    hidden.stop()
    status.stop()
    polling.stop()
    stopWatching()
    stream.leave()
  }

  wake()
  return { close }
}

/** Whether the server itself said what went wrong. */
const isAnswer = (error: unknown) => error !== undefined && describeError(error).reason !== 'unreachable'

/** A new password ends the stream a moment before the answer brings the new session: that often it is tried again. */
const REFUSALS_FORGIVEN = 2
