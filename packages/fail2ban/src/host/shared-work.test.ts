import { expect, test } from 'vitest'
import { createSharedWork } from './shared-work.ts'

function setUp() {
  const shared = createSharedWork<string>()
  const begun: { signal: AbortSignal; end: (result: string) => void }[] = []
  const work = (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      begun.push({ signal, end: resolve })
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  return { begun, ask: (signal?: AbortSignal) => shared('key', work, signal) }
}

test('whoever gives up goes alone, and the others get the result', async () => {
  const { begun, ask } = setUp()
  const abort = new AbortController()
  const [gone, stays] = [ask(abort.signal), ask()]
  abort.abort(new Error('gone'))
  await expect(gone).rejects.toThrow('gone')
  expect(begun.map(({ signal }) => signal.aborted)).toEqual([false])
  begun[0]?.end('result')
  expect(await stays).toBe('result')
})

test('what nobody waits for is given up, and who asks then begins anew', async () => {
  const { begun, ask } = setUp()
  const abort = new AbortController()
  const gone = [ask(abort.signal), ask(abort.signal)]
  abort.abort(new Error('gone'))
  await Promise.allSettled(gone)
  const next = ask()
  expect(begun.map(({ signal }) => signal.aborted)).toEqual([true, false])
  begun[1]?.end('second')
  expect(await next).toBe('second')
  await expect(ask(abort.signal)).rejects.toThrow('gone')
  expect(begun).toHaveLength(2)
})
