import { describe, expect, it } from 'vitest'
import { createFairSemaphore, type Caller } from './fair-semaphore.ts'

/** A semaphore for one at a time, with a task that keeps it busy until `finish` is called. */
async function createBusy({ maxWaiting = 100, maxPerSource = 100 } = {}) {
  const semaphore = createFairSemaphore({
    concurrency: 1,
    maxWaiting,
    maxPerSource,
    onFull: () => new Error('full'),
  })
  const order: string[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  const busy = semaphore.run(() => promise, { source: 'busy', rank: 'normal' })
  const enter = (name: string, caller: Partial<Caller> = {}) =>
    semaphore
      .run(async () => void order.push(name), { source: name, rank: 'normal', ...caller })
      .catch((error: Error) => void order.push(`${name} ${error.message}`))
  const finish = async (...entered: Promise<unknown>[]) => {
    resolve()
    await Promise.all([busy, ...entered])
    return order
  }
  return { semaphore, enter, finish }
}

describe('those who wait', () => {
  it('go in the order in which they came, whoever is trusted', async () => {
    const { enter, finish } = await createBusy()
    const all = [enter('a'), enter('b', { rank: 'trusted' }), enter('c'), enter('d', { rank: 'trusted' })]
    expect(await finish(...all)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('let urgent work go first, in the order in which it came', async () => {
    const { enter, finish } = await createBusy()
    const all = [enter('a'), enter('b'), enter('c', { rank: 'urgent' }), enter('d', { rank: 'urgent' })]
    expect(await finish(...all)).toEqual(['c', 'd', 'a', 'b'])
  })

  it('are few for each source', async () => {
    const { enter, finish } = await createBusy({ maxPerSource: 2 })
    const flood = ['a', 'b', 'c', 'd'].map((name) => enter(name, { source: '192.0.2.1' }))
    const other = enter('e', { source: '192.0.2.2' })
    expect(await finish(...flood, other)).toEqual(['c full', 'd full', 'a', 'b', 'e'])
  })

  it('are so many at most, and leave places for trusted callers and urgent work', async () => {
    const { enter, finish } = await createBusy({ maxWaiting: 2 })
    const flood = ['a', 'b', 'c'].map((name) => enter(name))
    const trusted = ['d', 'e', 'f'].map((name) => enter(name, { rank: 'trusted' }))
    const urgent = ['g', 'h', 'i'].map((name) => enter(name, { rank: 'urgent' }))
    expect(await finish(...flood, ...trusted, ...urgent)).toEqual([
      'c full',
      'f full',
      'i full',
      'g',
      'h',
      'a',
      'b',
      'd',
      'e',
    ])
  })
})

it('gives the turn on when the work fails', async () => {
  const { semaphore, enter, finish } = await createBusy()
  const fail = () => Promise.reject(new Error('broken'))
  const failed = semaphore.run(fail, { source: 'x', rank: 'normal' }).catch((error: Error) => error.message)
  expect(await finish(enter('next'))).toEqual(['next'])
  expect(await failed).toBe('broken')
})

it('runs as many at once as it may', async () => {
  const semaphore = createFairSemaphore({
    concurrency: 2,
    maxWaiting: 9,
    maxPerSource: 9,
    onFull: () => new Error(),
  })
  let running = 0
  const most: number[] = []
  const work = async () => {
    running += 1
    most.push(running)
    await Promise.resolve()
    running -= 1
  }
  await Promise.all([1, 2, 3, 4].map(() => semaphore.run(work, { source: 'x', rank: 'normal' })))
  expect(Math.max(...most)).toBe(2)
})
