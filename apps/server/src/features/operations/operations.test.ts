import { HostError } from '@bangui/fail2ban'
import { describe, expect, it } from 'vitest'
import { errors, type ErrorCode } from '@bangui/shared'
import { AppError } from '../../lib/errors.ts'
import { redactFailure } from '../../redact-by-role.ts'
import { createFakeOperationStore } from '../../../test/fake-operation-store.ts'
import { createTestLog } from '../../../test/silent-log.ts'
import { cancelOperation } from './cancel-operation.ts'
import { createOperations } from './operations.ts'

const actor = { kind: 'user', name: 'ada' } as const
const host = { id: 1, key: 'local' }
// more than 50: it is listed at once
const request = { kind: 'ban', title: 'Banning', total: 60, cancellable: true, actor, host } as const

function setUp(records = createFakeOperationStore()) {
  const time = { now: 1_000 }
  const { log } = createTestLog()
  const operations = createOperations({ clock: () => time.now, records, log })
  const gate = Promise.withResolvers<string>()
  return { time, operations, gate }
}

describe('an operation', () => {
  it('is listed from its start to its end, and for half a minute after', async () => {
    const { time, operations, gate } = setUp()
    const reached = Promise.withResolvers<void>()
    const run = operations.run({ ...request, id: 'one' }, async ({ progress }) => {
      progress(3)
      reached.resolve()
      return gate.promise
    })
    await reached.promise
    expect(operations.list()).toEqual([
      {
        id: 'one',
        kind: 'ban',
        title: 'Banning',
        done: 3,
        total: 60,
        state: 'running',
        startedAt: 1_000,
        endedAt: null,
        message: null,
        cancellable: true,
        host: 'local',
        actor,
        undoable: false,
        resumable: false,
        undoes: null,
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
    await operations.run({ ...request, id: 'one', total: null }, async ({ progress }) => progress(1, 7))
    expect(operations.list()).toMatchObject([{ done: 1, total: 7 }])
  })

  it('that is cancelled hears it, whether it then returns or throws', async () => {
    const { operations, gate } = setUp()
    for (const id of ['returns', 'throws']) {
      const begun = Promise.withResolvers<void>()
      const run = operations.run({ ...request, id }, async ({ signal }) => {
        begun.resolve()
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        if (id === 'throws') throw signal.reason
        gate.resolve(id)
      })
      await begun.promise
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

  it('is cancelled by whoever may do that on its host, and by nobody else', async () => {
    const { operations, gate } = setUp()
    const run = operations.run({ ...request, id: 'one' }, async () => gate.promise)
    const cancel = (hosts: string[], id = 'one') =>
      cancelOperation({ operations }, { role: 'operator', hosts }, id).cancelled
    expect([cancel(['web1']), cancel(['local'], 'other')]).toEqual([false, false])
    expect(operations.listRunning()).toMatchObject([{ id: 'one', state: 'running' }])
    expect(cancel(['local'])).toBe(true)
    gate.resolve('done')
    await run
    expect(operations.list()).toMatchObject([{ state: 'cancelled' }])
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

  it('is refused under an id that was used before, whether that operation is under way or has ended', async () => {
    const { operations, gate } = setUp()
    const run = operations.run({ ...request, id: 'one' }, () => gate.promise)
    const second = operations.run({ ...request, id: 'one' }, async () => 'second')
    await expect(second).rejects.toMatchObject({ code: 'operation_known' })
    gate.resolve('')
    await run
    const third = operations.run({ ...request, id: 'one' }, async () => 'third')
    await expect(third).rejects.toMatchObject({ code: 'operation_known' })
    expect(await operations.show({ ...request, id: 'two' }, async () => 'read')).toBe('read')
    expect(await operations.show({ ...request, id: 'two' }, async () => 'read again')).toBe('read again')
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

it.each(Object.entries(errors))(
  'the message of an operation that fails with %s shows no output of fail2ban',
  (code) => {
    const error = new AppError(code as ErrorCode, { output: 'key=s3cret', message: 'as it is', name: 'sshd' })
    expect(redactFailure(error)).not.toContain('s3cret')
  },
)

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
      operations.show({ ...request, kind: 'statistics' }, () => gate.promise),
    )
    const ban = operations.run(request, async () => 'banned')
    gate.resolve('counted')
    const results = await Promise.allSettled(countings)
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(100)
    expect(await ban).toBe('banned')
  })
})
