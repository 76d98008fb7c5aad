import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { TestMethods } from './test-worker.ts'
import { createWorkerRpc, forward } from './worker-rpc.ts'

const script = new URL('./test-worker.ts', import.meta.url)

function startTestWorker(options: { readonly idleMs?: number } = {}) {
  const workers: Worker[] = []
  const rpc = createWorkerRpc<TestMethods>({
    ...options,
    name: 'archive',
    start: () => {
      const worker = new Worker(script, { workerData: { prefix: 'Sorry:' } })
      workers.push(worker)
      return worker
    },
    toError: (failure) => Object.assign(new Error(), failure),
  })
  onTestFinished(() => rpc.close())
  return { rpc, workers, starts: () => workers.length }
}

/** Only the clock of this thread stands still. */
function stopClock() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
}

describe('createWorkerRpc', () => {
  it('carries arguments and results as they are', async () => {
    const { rpc } = startTestWorker()
    const value = {
      key: Uint8Array.of(4, 1, 2, 3, 4, 32),
      counts: new Map([['sshd', 1]]),
      nothing: undefined,
    }
    expect(await rpc.call('echo', [value])).toEqual(value)
  })

  it('makes the error that the worker wrote down with its data', async () => {
    const { rpc } = startTestWorker()
    await expect(rpc.call('fail', [])).rejects.toMatchObject({
      name: 'TypeError',
      message: 'Sorry: It is not a number.',
    })
  })

  it('forwards methods by name', async () => {
    const { rpc } = startTestWorker()
    expect(await forward(rpc, ['echo']).echo(8)).toBe(8)
  })

  it('fails every call of a worker that is terminated, and starts another for the next call', async () => {
    const { rpc, starts } = startTestWorker()
    const waiting = rpc.call('wait', []).catch((error: unknown) => error)
    await rpc.terminate(new Error('It took too long.'))
    expect(await waiting).toEqual(new Error('It took too long.'))
    expect(await rpc.call('echo', ['again'])).toBe('again')
    expect(starts()).toBe(2)
  })

  it('lets an idle worker close by itself where it is terminated', async () => {
    const { rpc, workers } = startTestWorker()
    await rpc.call('echo', [1])
    const [worker] = workers
    const ended = worker && once(worker, 'exit')
    await rpc.terminate(new Error('It is not needed.'))
    expect(await ended).toEqual([0])
  })

  it('tells how a long call gets on', async () => {
    const { rpc } = startTestWorker()
    const steps: number[][] = []
    const onProgress = (done: number, total: number) => void steps.push([done, total])
    expect(await rpc.call('count', [3], { onProgress })).toBe(3)
    expect(steps).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ])
  })

  it('passes on parts of a long call before calls that come later', async () => {
    const { rpc } = startTestWorker()
    const heard: unknown[] = []
    const long = rpc.call('parts', [['one', 'two']], { onItem: (part) => heard.push(part) })
    const other = rpc.call('echo', ['other']).then((result) => heard.push(result))
    await Promise.all([long, other])
    expect(heard).toEqual(['one', 'other', 'two'])
    expect(await rpc.call('parts', [['nobody listens']])).toBe(1)
  })

  it('ends a call that is cancelled, before or while it runs', async () => {
    const { rpc } = startTestWorker()
    const controller = new AbortController()
    const onProgress = () => controller.abort()
    const options = { signal: controller.signal, onProgress }
    await expect(rpc.call('count', [1_000_000_000], options)).rejects.toMatchObject({ name: 'AbortError' })
    await expect(rpc.call('count', [1], options)).rejects.toMatchObject({ name: 'AbortError' })
    expect(await rpc.call('echo', [1])).toBe(1)
  })

  it('fails what a worker that dies was asked for, and starts another for the next call', async () => {
    const { rpc, starts } = startTestWorker()
    const waiting = rpc.call('wait', [])
    const dying = rpc.call('die', [])
    await expect(waiting).rejects.toThrow('A worker of the archive ended (7).')
    await expect(dying).rejects.toThrow('ended')
    expect(await rpc.call('echo', ['again'])).toBe('again')
    expect(starts()).toBe(2)
  })

  it('ends what was asked for before it closes, and takes nothing more', async () => {
    const { rpc } = startTestWorker()
    const pending = rpc.call('count', [100])
    await rpc.close()
    expect(await pending).toBe(100)
    await expect(rpc.call('echo', [1])).rejects.toThrow('closed')
  })
})

describe('createWorkerRpc for a worker that is there only while it is needed', () => {
  it('starts with the first call and ends some time after the last', async () => {
    stopClock()
    const { rpc, workers } = startTestWorker({ idleMs: 60_000 })
    expect(workers).toHaveLength(0)
    expect(await rpc.call('echo', [1])).toBe(1)
    vi.advanceTimersByTime(59_999)
    expect(await rpc.call('echo', [2])).toBe(2)
    vi.advanceTimersByTime(59_999)
    expect(await rpc.call('echo', [3])).toBe(3)
    expect(workers).toHaveLength(1)
    const [worker] = workers
    const ended = worker && once(worker, 'exit')
    vi.advanceTimersByTime(60_000)
    expect(await ended).toEqual([0])
    expect(await rpc.call('echo', [4])).toBe(4)
    expect(workers).toHaveLength(2)
  })

  it('stays as long as a call runs', async () => {
    stopClock()
    const { rpc, starts } = startTestWorker({ idleMs: 60_000 })
    await rpc.call('echo', [1])
    const { promise, resolve } = Promise.withResolvers<void>()
    const long = rpc.call('count', [200], { onProgress: () => resolve() })
    vi.advanceTimersByTime(120_000)
    await promise
    vi.advanceTimersByTime(120_000)
    expect(await long).toBe(200)
    expect(starts()).toBe(1)
  })

  it('answers what is asked while it ends, and is closed only when all have ended', async () => {
    stopClock()
    const { rpc, workers } = startTestWorker({ idleMs: 60_000 })
    await rpc.call('echo', [1])
    const [first] = workers
    const ended = first && once(first, 'exit')
    vi.advanceTimersByTime(60_000)
    const asked = [2, 3, 4].map((value) => rpc.call('echo', [value]))
    await rpc.close()
    expect(await Promise.all(asked)).toEqual([2, 3, 4])
    expect(workers.map(({ threadId }) => threadId)).toEqual([-1, -1])
    await ended
  })
})
