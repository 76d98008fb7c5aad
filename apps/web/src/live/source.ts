import type { Live, LivePoll } from '@bangui/shared'
import type { Api } from '../api/client.ts'

/** Callbacks of a stream. */
export type StreamHandlers = {
  onMessage: (message: Live, id: string) => void
  /** a keep-alive message without data */
  onBeat: () => void
  /** it broke, with the error; it is closed then */
  onBroken: (error: unknown) => void
  /** the server closed it */
  onEnd: () => void
}

/** The source of live messages. */
export type LiveSource = {
  /** Opens a stream after the last received id. Returns a function that closes it. */
  watch: (lastEventId: string | undefined, handlers: StreamHandlers) => () => void
  /** Returns once what a stream would begin with. */
  poll: (lastEventId: string | undefined, signal: AbortSignal) => Promise<LivePoll>
}

const inputOf = (lastEventId: string | undefined) => (lastEventId === undefined ? undefined : { lastEventId })

/** The server's `live.watch` and `live.poll`. */
export const createLiveSource = (api: Api): LiveSource => ({
  poll: (lastEventId, signal) => api.live.poll.query(inputOf(lastEventId), { signal }),
  watch: (lastEventId, handlers) => {
    const subscription = api.live.watch.subscribe(inputOf(lastEventId), {
      onStarted: ({ context }) => {
        const stream = context?.['eventSource']
        if (stream instanceof EventTarget) stream.addEventListener('ping', handlers.onBeat)
      },
      onData: (message) => handlers.onMessage(message.data, message.id),
      onError: (error) => handlers.onBroken(error),
      onComplete: () => handlers.onEnd(),
      // the browser itself would retry after 3 to 5 seconds, and only if no proxy answered
      onConnectionStateChange: (change) => {
        if (change.state === 'connecting' && change.error) handlers.onBroken(change.error)
      },
    })
    return () => subscription.unsubscribe()
  },
})
