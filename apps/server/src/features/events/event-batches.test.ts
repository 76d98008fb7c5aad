import type { StoredEvent } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { createEventBatches, MAX_EVENTS_PER_MESSAGE } from './event-batches.ts'

const failures = (from: number, to: number): StoredEvent[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({
    seq: from + index,
    event: { type: 'failure.found', at: from + index, jail: 'sshd', address: '192.0.2.1' },
  }))

describe('createEventBatches', () => {
  it('shows the newest 50 and counts all', () => {
    const batches = createEventBatches(0)
    for (let round = 0; round < 20; round += 1) batches.add(failures(round * 30 + 1, round * 30 + 30))
    const taken = batches.take()
    expect(taken?.events).toHaveLength(MAX_EVENTS_PER_MESSAGE)
    expect(taken?.events.at(-1)?.at).toBe(600)
    expect(taken).toMatchObject({ counts: { 'failure.found': 600 }, lastSeq: 600 })
  })

  it('counts failures that only repeat bans by themselves as well', () => {
    const batches = createEventBatches(0)
    const [first, ...rest] = failures(1, 3)
    batches.add([{ seq: 1, event: { ...first!.event, echo: true } as StoredEvent['event'] }, ...rest])
    expect(batches.take()?.counts).toEqual({ 'failure.found': 3, echoes: 1 })
  })

  it('gives nothing twice', () => {
    const batches = createEventBatches(0)
    batches.add(failures(1, 3))
    expect(batches.take()?.counts).toEqual({ 'failure.found': 3 })
    expect(batches.take()).toBeUndefined()
  })

  it('leaves out what was sent before, also out of the middle of a batch', () => {
    const batches = createEventBatches(5)
    batches.add(failures(1, 5))
    batches.add(failures(4, 8))
    expect(batches.take()).toMatchObject({ counts: { 'failure.found': 3 }, lastSeq: 8 })
  })
})
