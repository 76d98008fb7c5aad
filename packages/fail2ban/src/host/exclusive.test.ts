import { expect, test, vi } from 'vitest'
import { HostBusyError } from '../errors.ts'
import { createExclusive, createGate, createTurns } from './exclusive.ts'

/** Work that ends when it is told to, and the most of it that was under way at once. */
function createWork() {
  const ends: (() => void)[] = []
  const counts = { running: 0, most: 0 }
  const work = async () => {
    counts.running += 1
    counts.most = Math.max(counts.most, counts.running)
    await new Promise<void>((resolve) => ends.push(resolve))
    counts.running -= 1
    return counts.most
  }
  return { work, counts, endNext: () => ends.shift()?.() }
}

test('a second change is refused while the first is under way', async () => {
  const exclusive = createExclusive()
  const { work, endNext } = createWork()
  const first = exclusive(work)
  await expect(exclusive(work)).rejects.toThrow(HostBusyError)
  endNext()
  await first
  const third = exclusive(work)
  endNext()
  expect(await third).toBe(1)
})

test('what takes turns runs one after the other, and a queue that is full refuses', async () => {
  const inTurn = createTurns({ mayWait: 2 })
  const { work, counts, endNext } = createWork()
  const given = [inTurn(work), inTurn(work), inTurn(work)]
  await expect(inTurn(work)).rejects.toThrow(HostBusyError)
  for (const turn of given) {
    await expect.poll(() => counts.running).toBe(1)
    endNext()
    expect(await turn).toBe(1)
  }
  const later = inTurn(work)
  await expect.poll(() => counts.running).toBe(1)
  endNext()
  expect(await later).toBe(1)
})

test('a turn that fails passes on to the next', async () => {
  const inTurn = createTurns({ mayWait: 1 })
  const failed = inTurn(() => Promise.reject(new Error('no')))
  const next = inTurn(async () => 'next')
  await expect(failed).rejects.toThrow('no')
  expect(await next).toBe('next')
})

test('a change waits for the unit under way, and the next unit for the change', async () => {
  const gate = createGate()
  const order: string[] = []
  const ends: (() => void)[] = []
  const named = (name: string) => () => {
    order.push(name)
    return new Promise<void>((resolve) => ends.push(resolve))
  }
  const all = [gate.unit(named('unit 1')), gate.unit(named('unit 2'))]
  await vi.waitFor(() => expect(order).toEqual(['unit 1']))
  all.push(gate.change(named('change 1')))
  await expect(gate.change(named('never'))).rejects.toThrow(HostBusyError)
  ends.shift()?.()
  await vi.waitFor(() => expect(order).toEqual(['unit 1', 'change 1']))
  ends.shift()?.()
  await vi.waitFor(() => expect(order).toEqual(['unit 1', 'change 1', 'unit 2']))
  all.push(gate.change(named('change 2')), gate.unit(named('unit 3')))
  ends.shift()?.()
  await vi.waitFor(() => expect(order.slice(3)).toEqual(['change 2']))
  ends.shift()?.()
  await vi.waitFor(() => expect(order.slice(4)).toEqual(['unit 3']))
  ends.shift()?.()
  await Promise.all(all)
})

test('a change or a unit that fails keeps nobody waiting', async () => {
  const gate = createGate()
  const fail = () => Promise.reject(new Error('no'))
  const results = await Promise.allSettled([gate.unit(fail), gate.change(fail), gate.unit(async () => 1)])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
})
