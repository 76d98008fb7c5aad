import type { StoredEvent } from '@bangui/shared'
import { expect, it } from 'vitest'
import { createStoredEvents } from './stored-events.ts'

it('emits each event once, also where a call has passed it on before it returns it', () => {
  const stored = (seq: number): StoredEvent => ({ seq, event: { type: 'reset', at: seq } })
  const events = createStoredEvents(() => undefined)
  const heard: number[][] = []
  events.listen((batch) => heard.push(batch.map(({ seq }) => seq)))
  events.emitEarly([stored(1), stored(2)])
  events.emitEarly([stored(3)])
  events.emit([stored(4)])
  events.emit([stored(1), stored(2), stored(3), stored(5)])
  events.emit([stored(6)])
  expect(heard).toEqual([[1, 2], [3], [4], [5], [6]])
})
