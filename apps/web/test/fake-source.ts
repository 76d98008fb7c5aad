import type { Live, LivePoll } from '@bangui/shared'
import type { LiveSource, StreamHandlers } from '../src/live/source.ts'

type Opened = { lastEventId: string | undefined; handlers: StreamHandlers; closed: boolean }

/** Streams that a test writes to, breaks and ends; queries get no reply unless `poll` returns one. */
export function createFakeSource(
  poll: LiveSource['poll'] = () => Promise.reject<LivePoll>(new Error('unreachable')),
) {
  const streams: Opened[] = []
  let lastId = 0
  const source: LiveSource = {
    poll,
    watch: (lastEventId, handlers) => {
      const stream = { lastEventId, handlers, closed: false }
      streams.push(stream)
      return () => {
        stream.closed = true
      }
    },
  }
  const current = () => {
    const stream = streams.at(-1)
    if (!stream || stream.closed) throw new Error('no stream is open')
    return stream
  }
  return {
    source,
    streams,
    openCount: () => streams.filter((stream) => !stream.closed).length,
    send: (message: Live) => {
      lastId += 1
      current().handlers.onMessage(message, String(lastId))
    },
    beat: () => current().handlers.onBeat(),
    break: (error: unknown = new Error('broken')) => current().handlers.onBroken(error),
    end: () => current().handlers.onEnd(),
  }
}
