import type { Live } from '@bangui/shared'
import type { Api } from '../api/client.ts'

/** What a stream tells about itself. */
export type StreamHandlers = {
  onMessage: (message: Live, id: string) => void
  /** it broke, and for what reason; it is over then */
  onBroken: (error: unknown) => void
  /** the server ended it */
  onEnd: () => void
}

/** Opens a stream after the last id that was seen; gives what closes it. */
export type LiveSource = (lastEventId: string | undefined, handlers: StreamHandlers) => () => void

/** The stream `live.watch` of the server. */
export const createLiveSource =
  (api: Api): LiveSource =>
  (lastEventId, handlers) => {
    const subscription = api.live.watch.subscribe(lastEventId === undefined ? undefined : { lastEventId }, {
      onData: (message) => handlers.onMessage(message.data, message.id),
      onError: (error) => handlers.onBroken(error),
      onComplete: () => handlers.onEnd(),
      // the browser would try again after 3 to 5 seconds, and only where no proxy answered
      onConnectionStateChange: (change) => {
        if (change.state === 'connecting' && change.error) handlers.onBroken(change.error)
      },
    })
    return () => subscription.unsubscribe()
  }
