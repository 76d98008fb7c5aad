import type { Live, LivePoll } from '@bangui/shared'
import type { Api } from '../api/client.ts'

/** What a stream tells about itself. */
export type StreamHandlers = {
  onMessage: (message: Live, id: string) => void
  /** a sign that it is alive, where nothing has changed */
  onBeat: () => void
  /** it broke, and for what reason; it is over then */
  onBroken: (error: unknown) => void
  /** the server ended it */
  onEnd: () => void
}

/** Where what happens comes from. */
export type LiveSource = {
  /** Opens a stream after the last id that was seen. Returns the function that closes it. */
  watch: (lastEventId: string | undefined, handlers: StreamHandlers) => () => void
  /** Asks once for what a stream would begin with. */
  poll: (lastEventId: string | undefined, signal: AbortSignal) => Promise<LivePoll>
}

const inputOf = (lastEventId: string | undefined) => (lastEventId === undefined ? undefined : { lastEventId })

/** The stream `live.watch` of the server, and `live.poll` in its place. */
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
      // the browser would try again after 3 to 5 seconds, and only where no proxy answered
      onConnectionStateChange: (change) => {
        if (change.state === 'connecting' && change.error) handlers.onBroken(change.error)
      },
    })
    return () => subscription.unsubscribe()
  },
})
