import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { nextTurn } from './chunk.ts'
import { keyedSingleFlight, singleFlight } from './single-flight.ts'

function setUp() {
  const flight = keyedSingleFlight<string>()
  const begun: { signal: AbortSignal; end: (result: string) => void }[] = []
  const work = (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      begun.push({ signal, end: resolve })
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  return { begun, ask: (signal?: AbortSignal, key = 'key') => flight(key, work, { signal }) }
}

describe('keyedSingleFlight', () => {
  it('gives the result to the others when one caller aborts', async () => {
    const { begun, ask } = setUp()
    const abort = new AbortController()
    const [left, stays] = [ask(abort.signal), ask(new AbortController().signal)]
    abort.abort(new Error('left'))
    await expect(left).rejects.toThrow('left')
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0)
    expect(begun.map(({ signal }) => signal.aborted)).toEqual([false])
    begun[0]?.end('result')
    expect(await stays).toBe('result')
  })

  it('aborts work that nobody waits for, and starts anew for the next caller', async () => {
    const { begun, ask } = setUp()
    const abort = new AbortController()
    const left = [ask(abort.signal), ask(abort.signal)]
    abort.abort(new Error('left'))
    await Promise.allSettled(left)
    const next = ask()
    expect(begun.map(({ signal }) => signal.aborted)).toEqual([true, false])
    begun[1]?.end('second')
    expect(await next).toBe('second')
    await expect(ask(abort.signal)).rejects.toThrow('left')
    expect(begun).toHaveLength(2)
  })

  it('keeps work going for a caller without a signal', async () => {
    const { begun, ask } = setUp()
    const abort = new AbortController()
    const [left, stays] = [ask(abort.signal), ask()]
    abort.abort(new Error('left'))
    await expect(left).rejects.toThrow('left')
    expect(begun[0]?.signal.aborted).toBe(false)
    begun[0]?.end('result')
    expect(await stays).toBe('result')
  })

  it('runs the work of each key, and runs it again later', async () => {
    const { begun, ask } = setUp()
    const [one, same, other] = [ask(), ask(), ask(undefined, 'other')]
    expect(one).toBe(same)
    begun[0]?.end('one')
    begun[1]?.end('other')
    expect(await Promise.all([one, same, other])).toEqual(['one', 'one', 'other'])
    void ask()
    expect(begun).toHaveLength(3)
  })
})

it('singleFlight shares a run that fails, and starts another after it', async () => {
  let runs = 0
  const ask = singleFlight(async () => {
    runs += 1
    await nextTurn()
    if (runs === 1) throw new Error('failed')
    return runs
  })
  const both = [ask(), ask()]
  await expect(both[0]).rejects.toThrow('failed')
  await expect(both[1]).rejects.toThrow('failed')
  expect(await ask()).toBe(2)
})
