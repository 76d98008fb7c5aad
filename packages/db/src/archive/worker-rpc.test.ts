import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Rehearsal } from '../testing/workers/rehearsal.ts'
import { createWorkerRpc, type RpcOptions } from './worker-rpc.ts'

const script = new URL('../testing/workers/rehearsal.ts', import.meta.url)

function startRehearsal(options?: RpcOptions) {
  const workers: Worker[] = []
  const rpc = createWorkerRpc<Rehearsal>(() => {
    const worker = new Worker(script, { workerData: { path: '/data/bangui.db' } })
    workers.push(worker)
    return worker
  }, options)
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
    const { rpc } = startRehearsal()
    const value = {
      key: Uint8Array.of(4, 1, 2, 3, 4, 32),
      counts: new Map([['sshd', 1]]),
      nothing: undefined,
    }
    expect(await rpc.call('echo', [value])).toEqual(value)
  })

  it('keeps what is wrong with the database, and the name of any other error', async () => {
    const { rpc } = startRehearsal()
    await expect(rpc.call('fail', ['database'])).rejects.toMatchObject({
      name: 'DatabaseError',
      code: 'full',
      path: '/data/bangui.db',
      message: expect.stringMatching(
        /^There is no room left to write the database \/data\/bangui.db: [^(]*$/,
      ),
    })
    await expect(rpc.call('fail', ['other'])).rejects.toMatchObject({
      name: 'TypeError',
      message: 'It is no number.',
    })
  })

  it('tells how a long call gets on', async () => {
    const { rpc } = startRehearsal()
    const steps: number[][] = []
    const onProgress = (done: number, total: number) => void steps.push([done, total])
    expect(await rpc.call('count', [3], { onProgress })).toBe(3)
    expect(steps).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ])
  })

  it('ends a call that is cancelled, before or while it runs', async () => {
    const { rpc } = startRehearsal()
    const controller = new AbortController()
    const onProgress = () => controller.abort()
    const options = { signal: controller.signal, onProgress }
    await expect(rpc.call('count', [1_000_000_000], options)).rejects.toMatchObject({ name: 'AbortError' })
    await expect(rpc.call('count', [1], options)).rejects.toMatchObject({ name: 'AbortError' })
    expect(await rpc.call('echo', [1])).toBe(1)
  })

  it('fails what a worker that dies was asked for, and starts another for the next call', async () => {
    const { rpc, starts } = startRehearsal()
    const waiting = rpc.call('wait', [])
    const dying = rpc.call('die', [])
    await expect(waiting).rejects.toThrow('A worker of the archive ended (7).')
    await expect(dying).rejects.toThrow('ended')
    expect(await rpc.call('echo', ['again'])).toBe('again')
    expect(starts()).toBe(2)
  })

  it('ends what was asked for before it closes, and takes nothing more', async () => {
    const { rpc } = startRehearsal()
    const pending = rpc.call('count', [100])
    await rpc.close()
    expect(await pending).toBe(100)
    await expect(rpc.call('echo', [1])).rejects.toThrow('closed')
  })
})

describe('createWorkerRpc for a worker that is there only while it is needed', () => {
  it('starts with the first call and ends some time after the last', async () => {
    stopClock()
    const { rpc, workers } = startRehearsal({ idle: 60_000 })
    expect(workers).toHaveLength(0)
    expect(await rpc.call('echo', [1])).toBe(1)
    vi.advanceTimersByTime(59_999)
    expect(await rpc.call('echo', [2])).toBe(2)
    vi.advanceTimersByTime(59_999)
    expect(await rpc.call('echo', [3])).toBe(3)
    expect(workers).toHaveLength(1)
    const ended = once(workers[0] as Worker, 'exit')
    vi.advanceTimersByTime(60_000)
    expect(await ended).toEqual([0])
    expect(await rpc.call('echo', [4])).toBe(4)
    expect(workers).toHaveLength(2)
  })

  it('stays as long as a call runs', async () => {
    stopClock()
    const { rpc, starts } = startRehearsal({ idle: 60_000 })
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
    const { rpc, workers } = startRehearsal({ idle: 60_000 })
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
