import { expect, test, vi } from 'vitest'
import { HostBusyError } from '../errors.ts'
import { createBoundedMutex, createHostLock } from './host-lock.ts'

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
  const lock = createHostLock()
  const { work, endNext } = createWork()
  const first = lock.change(work)
  await expect(lock.change(work)).rejects.toThrow(HostBusyError)
  endNext()
  await first
  const third = lock.change(work)
  endNext()
  expect(await third).toBe(1)
})

test('a change waits for one that BanGUI makes by itself, and that one for a change', async () => {
  const lock = createHostLock()
  const { work, counts, endNext } = createWork()
  const given = [lock.ownChange(work), lock.change(work), lock.ownChange(work)]
  for (const turn of given) {
    await expect.poll(() => counts.running).toBe(1)
    endNext()
    expect(await turn).toBe(1)
  }
})

test('an emergency waits beside a change that waits, and is refused beside one that is being made', async () => {
  const lock = createHostLock()
  const { work, counts, endNext } = createWork()
  const own = lock.ownChange(work)
  const change = lock.change(work)
  await expect(lock.change(work)).rejects.toThrow(HostBusyError)
  const emergency = lock.emergency(work)
  for (const turn of [own, change]) {
    await expect.poll(() => counts.running).toBe(1)
    if (turn === change) await expect(lock.emergency(work)).rejects.toThrow(HostBusyError)
    endNext()
    expect(await turn).toBe(1)
  }
  await expect.poll(() => counts.running).toBe(1)
  await expect(lock.change(work)).rejects.toThrow(HostBusyError)
  endNext()
  expect(await emergency).toBe(1)
})

test('a bounded mutex runs one work after the other, and refuses when its queue is full', async () => {
  const lock = createBoundedMutex(2)
  const { work, counts, endNext } = createWork()
  const given = [lock(work), lock(work), lock(work)]
  await expect(lock(work)).rejects.toThrow(HostBusyError)
  for (const turn of given) {
    await expect.poll(() => counts.running).toBe(1)
    endNext()
    expect(await turn).toBe(1)
  }
  const later = lock(work)
  await expect.poll(() => counts.running).toBe(1)
  endNext()
  expect(await later).toBe(1)
})

test('a change waits for the step under way, and the next step for the change', async () => {
  const lock = createHostLock()
  const order: string[] = []
  const ends: (() => void)[] = []
  const named = (name: string) => () => {
    order.push(name)
    return new Promise<void>((resolve) => ends.push(resolve))
  }
  const all = [lock.step(named('step 1')), lock.step(named('step 2'))]
  await vi.waitFor(() => expect(order).toEqual(['step 1']))
  all.push(lock.change(named('change 1')))
  await expect(lock.change(named('never'))).rejects.toThrow(HostBusyError)
  ends.shift()?.()
  await vi.waitFor(() => expect(order).toEqual(['step 1', 'change 1']))
  ends.shift()?.()
  await vi.waitFor(() => expect(order).toEqual(['step 1', 'change 1', 'step 2']))
  all.push(lock.change(named('change 2')), lock.step(named('step 3')))
  ends.shift()?.()
  await vi.waitFor(() => expect(order.slice(3)).toEqual(['change 2']))
  ends.shift()?.()
  await vi.waitFor(() => expect(order.slice(4)).toEqual(['step 3']))
  ends.shift()?.()
  await Promise.all(all)
})

test('a change or a step that fails keeps nobody waiting', async () => {
  const lock = createHostLock()
  const fail = () => Promise.reject(new Error('no'))
  const results = await Promise.allSettled([lock.step(fail), lock.change(fail), lock.step(async () => 1)])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
})
