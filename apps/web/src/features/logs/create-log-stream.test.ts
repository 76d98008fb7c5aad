import { createRoot, createSignal } from 'solid-js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Api } from '../../api/client.ts'
import { createLogStream, type LogChoice } from './create-log-stream.ts'

type Handlers = {
  onData: (batch: object) => void
  onError: (error: Error) => void
  onComplete: () => void
}

/** An API whose streams the test feeds; a stream that is unsubscribed completes, as with tRPC. */
function createStreams() {
  const open: { input: object; handlers: Handlers; isOpen: boolean }[] = []
  const subscribe = (input: object, handlers: Handlers) => {
    const stream = { input, handlers, isOpen: true }
    open.push(stream)
    const unsubscribe = () => {
      stream.isOpen = false
      handlers.onComplete()
    }
    return { unsubscribe }
  }
  return { open, api: { config: { followLog: { subscribe } } } as unknown as Pick<Api, 'config'> }
}

const batch = (texts: readonly string[], more: object = {}) => ({
  lines: texts.map((text) => ({ text, outcome: null, address: null })),
  own: false,
  begins: false,
  restarted: false,
  dropped: 0,
  problem: null,
  ...more,
})

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function setUp() {
  const streams = createStreams()
  const [choice, setChoice] = createSignal<LogChoice>({ log: '/a' })
  const { stream, dispose } = createRoot((end) => ({
    stream: createLogStream(streams.api, choice),
    dispose: end,
  }))
  const texts = () => stream.lines().map(({ text }) => text)
  return { ...streams, stream, setChoice, texts, dispose }
}

describe('the stream of a log', () => {
  it('adds lines, and begins anew with a new stream and after a rotation', () => {
    const at = setUp()
    const [first] = at.open
    first?.handlers.onData(batch(['one'], { begins: true }))
    first?.handlers.onData(batch(['two']))
    expect(at.texts()).toEqual(['one', 'two'])
    first?.handlers.onData(batch(['new'], { restarted: true }))
    expect(at.texts()).toEqual(['new'])
    at.dispose()
  })

  it('follows the log that is chosen, once: the end of the stream before does not begin another', () => {
    const at = setUp()
    at.setChoice({ log: '/b' })
    expect(at.open.map(({ isOpen }) => isOpen)).toEqual([false, true])
    vi.advanceTimersByTime(60_000)
    expect(at.open).toHaveLength(2)
    expect(at.open[1]?.input).toMatchObject({ log: '/b' })
    at.dispose()
    vi.advanceTimersByTime(60_000)
    expect(at.open).toHaveLength(2)
  })

  it('begins again after a while when it broke off', () => {
    const at = setUp()
    at.open[0]?.handlers.onComplete()
    vi.advanceTimersByTime(3000)
    expect(at.open).toHaveLength(2)
    at.dispose()
  })

  it('only counts new lines while it is paused', () => {
    const at = setUp()
    at.open[0]?.handlers.onData(batch(['one'], { begins: true }))
    at.stream.pause(true)
    at.open[0]?.handlers.onData(batch(['two', 'three']))
    expect([at.texts(), at.stream.waiting()]).toEqual([['one'], 2])
    at.stream.pause(false)
    expect([at.texts(), at.stream.waiting()]).toEqual([['one', 'two', 'three'], 0])
    at.dispose()
  })
})
