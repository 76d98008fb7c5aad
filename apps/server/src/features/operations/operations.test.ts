import { HostError } from '@bangui/fail2ban'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../lib/errors.ts'
import { createOperations } from './operations.ts'

const request = { kind: 'ban', title: 'Banning', total: 10, cancellable: true } as const

function setUp() {
  const time = { now: 1_000 }
  const operations = createOperations({ clock: () => time.now })
  const gate = Promise.withResolvers<string>()
  return { time, operations, gate }
}

describe('an operation', () => {
  it('is listed from its start to its end, and for half a minute after', async () => {
    const { time, operations, gate } = setUp()
    const run = operations.run({ ...request, id: 'one' }, async ({ progress }) => {
      progress(3)
      return gate.promise
    })
    expect(operations.list()).toEqual([
      {
        id: 'one',
        kind: 'ban',
        title: 'Banning',
        done: 3,
        total: 10,
        state: 'running',
        startedAt: 1_000,
        endedAt: null,
        message: null,
        cancellable: true,
      },
    ])
    time.now = 2_000
    gate.resolve('result')
    expect(await run).toBe('result')
    expect(operations.list()).toMatchObject([{ state: 'done', endedAt: 2_000, cancellable: false }])
    time.now = 32_000
    expect(operations.list()).toEqual([])
  })

  it('learns its total on the way', async () => {
    const { operations } = setUp()
    await operations.run({ ...request, total: null }, async ({ progress }) => progress(1, 7))
    expect(operations.list()).toMatchObject([{ done: 1, total: 7 }])
  })

  it('that is cancelled hears it, whether it then returns or throws', async () => {
    const { operations, gate } = setUp()
    for (const id of ['returns', 'throws']) {
      const run = operations.run({ ...request, id }, async ({ signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        if (id === 'throws') throw signal.reason
        gate.resolve(id)
      })
      expect(operations.cancel(id)).toBe(true)
      if (id === 'throws') await expect(run).rejects.toMatchObject({ code: 'operation_cancelled' })
      else await run
    }
    expect(operations.list().map(({ state, message }) => [state, message])).toEqual([
      ['cancelled', null],
      ['cancelled', null],
    ])
    expect(operations.cancel('returns')).toBe(false)
  })

  it('is cancelled, too, when its caller has disconnected', async () => {
    const { operations } = setUp()
    const gone = new AppError('operation_cancelled')
    await expect(operations.run(request, () => Promise.reject(gone))).rejects.toBe(gone)
    expect(operations.list()).toMatchObject([{ state: 'cancelled', message: null }])
  })

  it('that cannot be cancelled, or that nobody knows, goes on', async () => {
    const { operations, gate } = setUp()
    const run = operations.run({ ...request, id: 'one', cancellable: false }, async ({ signal }) => {
      await gate.promise
      return signal.aborted
    })
    expect(operations.cancel('one')).toBe(false)
    expect(operations.cancel('another')).toBe(false)
    gate.resolve('')
    expect(await run).toBe(false)
  })

  it('that fails says why, without the words of fail2ban itself, which may hold keys', async () => {
    const { operations } = setUp()
    const gone = new HostError('daemon_unavailable', { reason: 'refused', message: 'Nobody listens at x.' })
    for (const error of [gone, new Error('curl -H "Key: s3cret"')])
      await expect(operations.run(request, () => Promise.reject(error))).rejects.toBe(error)
    expect(operations.list()).toMatchObject([
      { state: 'failed', message: 'Nobody listens at x.' },
      { state: 'failed', message: expect.not.stringContaining('s3cret') },
    ])
  })

  it('is refused under the id of another that is under way, not under that of one that ended', async () => {
    const { operations, gate } = setUp()
    const run = operations.run({ ...request, id: 'one' }, () => gate.promise)
    const second = operations.run({ ...request, id: 'one' }, async () => 'second')
    await expect(second).rejects.toMatchObject({ code: 'operation_known' })
    gate.resolve('')
    await run
    expect(await operations.run({ ...request, id: 'one' }, async () => 'third')).toBe('third')
    expect(operations.list()).toMatchObject([{ id: 'one', state: 'done' }])
  })

  it('wakes who watches', async () => {
    const { operations } = setUp()
    const abort = new AbortController()
    const watching = operations.store.watch(abort.signal)[Symbol.asyncIterator]()
    expect((await watching.next()).value).toEqual([])
    const next = watching.next()
    await operations.run(request, async () => undefined)
    expect((await next).value).toMatchObject([{ kind: 'ban' }])
    abort.abort()
  })
})

describe('many operations', () => {
  it('make those that ended go, and are refused when a hundred are under way', async () => {
    const { operations, gate } = setUp()
    for (let count = 0; count < 150; count += 1) await operations.run(request, async () => undefined)
    expect(operations.list()).toHaveLength(100)
    const runs = Array.from({ length: 100 }, () => operations.run(request, () => gate.promise))
    await expect(operations.run(request, async () => undefined)).rejects.toMatchObject({ code: 'busy' })
    gate.resolve('')
    await Promise.all(runs)
  })

  it('that counts leaves room for bans, however many countings are asked for', async () => {
    const { operations, gate } = setUp()
    const countings = Array.from({ length: 150 }, () =>
      operations.run({ ...request, kind: 'statistics' }, () => gate.promise),
    )
    const ban = operations.run(request, async () => 'banned')
    gate.resolve('counted')
    const results = await Promise.allSettled(countings)
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(100)
    expect(await ban).toBe('banned')
  })
})
