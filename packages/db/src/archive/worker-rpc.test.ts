import { Worker } from 'node:worker_threads'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Rehearsal } from '../testing/workers/rehearsal.ts'
import { createWorkerRpc } from './worker-rpc.ts'

const script = new URL('../testing/workers/rehearsal.ts', import.meta.url)

function startRehearsal() {
  let starts = 0
  const rpc = createWorkerRpc<Rehearsal>(() => {
    starts++
    return new Worker(script, { workerData: { path: '/data/bangui.db' } })
  })
  onTestFinished(() => rpc.close())
  return { rpc, starts: () => starts }
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
