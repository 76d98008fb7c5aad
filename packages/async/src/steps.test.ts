import { expect, it } from 'vitest'
import { nextTurn } from './chunk.ts'
import { eventsOf, resultOf, stepsOf, type Steps } from './steps.ts'

const letters = (): Steps<string, number> =>
  stepsOf(async (emit) => {
    emit('a')
    await nextTurn()
    emit('b')
    return 2
  })

it('steps are yielded in their order, and the result is the last', async () => {
  const items: unknown[] = []
  for await (const item of letters()) items.push(item)
  expect(items).toEqual([{ step: 'a' }, { step: 'b' }, { result: 2 }])
})

it('the result of steps is returned, after each step was reported', async () => {
  const steps: string[] = []
  expect(await resultOf(letters(), (step) => steps.push(step))).toBe(2)
  expect(steps).toEqual(['a', 'b'])
})

it('steps reject as the work does, after the steps before', async () => {
  const steps: string[] = []
  const failing = stepsOf<string, never>(async (emit) => {
    emit('a')
    throw new Error('no')
  })
  await expect(resultOf(failing, (step) => steps.push(step))).rejects.toThrow('no')
  expect(steps).toEqual(['a'])
})

it('the work does not wait for a reader that is slow or leaves, and its failure is handled then', async () => {
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  const work = stepsOf<string, never>(async (emit) => {
    for (const step of ['a', 'b', 'c']) emit(step)
    await nextTurn()
    resolve()
    throw new Error('no')
  })
  for await (const item of work) {
    expect(item).toEqual({ step: 'a' })
    break
  }
  await ended
  await nextTurn()
})

it('the signal of the work aborts when its reader leaves, and the newest steps are kept for one that is slow', async () => {
  let signal: AbortSignal | undefined
  const work = stepsOf<number, never>(async (emit, given) => {
    signal = given
    for (let step = 0; step < 1500; step += 1) emit(step)
    return new Promise<never>(() => undefined)
  })
  const first = await work.next()
  expect(first.value).toEqual({ step: 500 })
  expect(signal?.aborted).toBe(false)
  await work.return(undefined)
  expect(signal?.aborted).toBe(true)
})

it('steps that end without a result are an error', async () => {
  await expect(resultOf((async function* () {})())).rejects.toThrow('without a result')
})

it('events are listened to from the first iteration until the signal aborts', async () => {
  const listeners = new Set<(event: string) => void>()
  const listen = (listener: (event: string) => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  const emit = (event: string) => listeners.forEach((listener) => listener(event))
  const abort = new AbortController()
  const events = eventsOf(listen, { signal: abort.signal })
  emit('early')
  const first = events.next()
  emit('a')
  emit('b')
  expect([await first, await events.next()]).toMatchObject([{ value: 'a' }, { value: 'b' }])
  const last = events.next()
  abort.abort()
  expect(await last).toEqual({ done: true, value: undefined })
  expect(listeners.size).toBe(0)
})
