import { insertTimers, listDueTimers, type Timer } from '@bangui/db'
import { HostError } from '@bangui/fail2ban'
import type { HistoryRow } from '@bangui/shared'
import { describe, expect, it, vi } from 'vitest'
import { asRole } from '../../test/as-role.ts'
import { ban, withBans } from '../../test/ban-daemon.ts'
import { createTestDeps } from '../../test/create-test-deps.ts'
import { failure } from '../../test/fake-host.ts'
import { createCaller } from '../router.ts'
import { timedUnbans } from './timed-unbans.ts'

const first: Timer = {
  jail: 'sshd',
  address: '45.1.1.1',
  operation: 'mine',
  setAt: 1_000_000,
  endsAt: 1_060_000,
  state: 'armed',
}
const second = { ...first, address: '45.2.2.2', endsAt: 1_120_000 }

/** A manual ban that somebody ended with fail2ban-client. */
const over = (address: string, at: number): HistoryRow => {
  const { since: _, ...row } = ban(address, { by: { kind: 'user', name: 'Ada' } })
  return { ...row, at, until: at + 5_000, active: false, endReason: 'unbanned', endedBy: null }
}

async function setUp() {
  const test = await createTestDeps()
  const daemon = withBans({ ...test, hostDb: test.deps.hostDb, operations: test.deps.operations })
  for (const { address } of [first, second]) daemon.banned['sshd']?.add(address)
  await insertTimers(test.deps.hostDb, [first, second])
  await test.monitor.probe()
  const reconcile = vi.fn(() => Promise.resolve())
  const job = timedUnbans({ ...test.deps, reconcile })
  const run = () => job.run(new AbortController().signal)
  const waiting = () => listDueTimers(test.deps.hostDb, Number.MAX_SAFE_INTEGER, 100)
  const addresses = async () => (await waiting()).map(({ address }) => address)
  const begin = (id: string, name: string) =>
    test.deps.operations.records.begin({
      id,
      hostId: 1,
      kind: 'ban',
      title: id,
      actor: { kind: 'user', name },
      params: null,
      total: 2,
      undoes: null,
      startedAt: 1_000_000,
    })
  const list = async () => {
    const { rows } = await createCaller(asRole(test.deps, 'viewer')).operations.list()
    return rows.filter(({ actor }) => actor.kind === 'system')
  }
  return { ...test, ...daemon, reconcile, job, run, addresses, begin, list }
}

describe('a ban that is BanGUI’s to end', () => {
  it('ends at its time, once', async () => {
    await using at = await setUp()
    at.time.now = 1_059_999
    await at.run()
    expect(at.calls).toEqual([])
    at.time.now = 1_060_000
    await at.run()
    expect(at.calls).toEqual(['unban sshd 1'])
    expect([...(at.banned['sshd'] ?? [])]).toEqual(['45.2.2.2'])
    expect(await at.addresses()).toEqual(['45.2.2.2'])
    await at.run()
    expect(at.calls).toHaveLength(1)
    expect(at.reconcile).toHaveBeenCalledOnce()
  })

  it('ends late where nobody was there at its time, whoever began it', async () => {
    await using at = await setUp()
    at.active.push(
      ban('45.1.1.1', { since: 1_000_000 }),
      ban('45.2.2.2', { by: { kind: 'user', name: 'Ada' } }),
    )
    at.time.now = 90_000_000
    await at.run()
    expect(at.banned['sshd']?.size).toBe(0)
    expect(await at.addresses()).toEqual([])
  })

  it('is left alone while BanGUI is read-only, and ends once it may change something again', async () => {
    await using at = await setUp()
    await at.state.update((state) => ({ ...state, readOnly: true }))
    at.time.now = 1_060_000
    await at.run()
    expect(at.calls).toEqual([])
    await at.state.update((state) => ({ ...state, readOnly: false }))
    await at.run()
    expect(at.calls).toEqual(['unban sshd 1'])
  })

  it('waits for a daemon that is off, or goes while it is asked', async () => {
    await using at = await setUp()
    at.time.now = 1_060_000
    at.hooks.beforeBatch = () => {
      throw new HostError('daemon_unavailable', { reason: 'refused', message: 'Nobody listens.' })
    }
    await expect(at.run()).rejects.toThrow('Nobody listens.')
    at.host.outcome = failure('refused')
    await at.monitor.probe()
    await at.run()
    expect(await at.addresses()).toEqual(['45.1.1.1', '45.2.2.2'])
    expect(at.calls).toHaveLength(1)
  })

  it('waits until the log of the time while BanGUI did not run is read', async () => {
    await using at = await setUp()
    const { state } = at.deps
    const setSource = (source: 'catching_up' | 'following') =>
      state.update((old) => {
        const events = { ...old.watching.events, state: source }
        return { ...old, watching: { ...old.watching, events } }
      })
    at.time.now = 1_060_000
    await setSource('catching_up')
    await at.run()
    expect(at.calls).toEqual([])
    await setSource('following')
    await at.run()
    expect(at.calls).toEqual(['unban sshd 1'])
  })

  it('waits for a jail that does not run, for a month, and others do not wait with it', async () => {
    await using at = await setUp()
    await insertTimers(at.deps.hostDb, [{ ...first, jail: 'web', endsAt: 1_000 }])
    at.time.now = 1_060_000
    await at.run()
    expect(at.calls).toEqual(['unban sshd 1'])
    expect(await at.addresses()).toEqual(['45.1.1.1', '45.2.2.2'])
    at.time.now += 31 * 86_400_000
    await at.run()
    expect(await at.addresses()).toEqual([])
  })
})

it('leaves alone a ban that fail2ban made soon after somebody else ended the manual ban', async () => {
  await using at = await setUp()
  at.active.push(ban('45.1.1.1', { since: 1_000_000, id: 2 }), ban('45.2.2.2', { since: 1_000_300, id: 4 }))
  at.ended.push(over('45.1.1.1', 1_000_400), over('45.2.2.2', 990_000))
  at.ended.push({ ...over('45.2.2.2', 1_000_100), jail: 'web' })
  at.time.now = 1_120_000
  await at.run()
  expect([...(at.banned['sshd'] ?? [])]).toEqual(['45.1.1.1'])
  expect(await at.addresses()).toEqual([])
})

describe('the operation of the timers', () => {
  it('says what BanGUI ended, and for whom', async () => {
    await using at = await setUp()
    await at.begin('mine', 'Ada')
    at.time.now = 1_060_000
    await at.run()
    expect(await at.list()).toMatchObject([
      {
        kind: 'unban',
        title: 'Unbanning 45.1.1.1 in sshd after its custom duration',
        actor: { kind: 'system', name: 'timer' },
        askedBy: ['Ada'],
        state: 'done',
        done: 1,
        total: 1,
        startedAt: 1_060_000,
        undoable: false,
        cancellable: false,
      },
    ])
  })

  it('is one for all that they end within an hour', async () => {
    await using at = await setUp()
    await at.begin('mine', 'Ada')
    at.active.push(ban('45.2.2.2', { by: { kind: 'user', name: 'Grace' }, operation: 'mine' }))
    for (const now of [1_060_000, 1_120_000, 1_125_000]) {
      at.time.now = now
      await at.run()
    }
    const title = 'Unbanning 2 addresses after their custom durations'
    expect(await at.list()).toMatchObject([
      { title, askedBy: ['Ada', 'Grace'], state: 'done', done: 2, total: 2, endedAt: 1_120_000 },
    ])
    await insertTimers(at.deps.hostDb, [{ ...first, endsAt: 5_000_000 }])
    at.time.now = 5_000_000
    await at.run()
    expect(await at.list()).toMatchObject([{ total: 1 }, { title }])
  })

  it('is one for all attempts to end a ban', async () => {
    await using at = await setUp()
    at.time.now = 1_060_000
    at.hooks.beforeBatch = () => {
      throw new HostError('daemon_unavailable', { reason: 'refused', message: 'Nobody listens.' })
    }
    for (let run = 0; run < 3; run += 1) await expect(at.run()).rejects.toThrow('Nobody listens.')
    expect(await at.list()).toMatchObject([{ state: 'failed', done: 0, total: 1 }])
    at.hooks.beforeBatch = () => undefined
    await at.run()
    expect(await at.list()).toMatchObject([{ state: 'done', message: null, done: 1, total: 1 }])
  })

  it('does not begin where a jail does not run or a ban is another one, and begins anew where its record is gone', async () => {
    await using at = await setUp()
    await insertTimers(at.deps.hostDb, [{ ...first, jail: 'web', endsAt: 1_000 }])
    at.active.push(ban('45.1.1.1', { since: 900_000 }))
    at.time.now = 1_060_000
    await at.run()
    expect(await at.list()).toEqual([])
    at.time.now = 1_120_000
    await at.run()
    await at.deps.operations.records.deleteOld({ endedBefore: null, most: 0 })
    await insertTimers(at.deps.hostDb, [{ ...second, endsAt: 1_121_000 }])
    at.time.now = 1_121_000
    await at.run()
    expect(await at.list()).toMatchObject([{ done: 1, total: 1, state: 'done' }])
  })

  it('is left out where its record cannot be written: the bans end', async () => {
    await using at = await setUp()
    at.deps.operations.records.begin = () => Promise.reject(new Error('The disk is full.'))
    at.time.now = 1_120_000
    await at.run()
    expect(at.banned['sshd']?.size).toBe(0)
    expect(await at.list()).toEqual([])
  })
})

it('asks the daemon first where nobody knows yet whether the ban was made', async () => {
  await using at = await setUp()
  await insertTimers(at.deps.hostDb, [{ ...first, state: 'pending' }])
  at.time.now = 1_060_000
  await at.run()
  expect(at.reconcile).toHaveBeenCalledOnce()
  expect([at.calls, await at.addresses()]).toEqual([[], ['45.2.2.2', '45.1.1.1']])
  at.reconcile.mockImplementation(() => insertTimers(at.deps.hostDb, [first]))
  await at.run()
  expect(at.calls).toEqual(['unban sshd 1'])
})

it('ends the ban of a network, and none of those inside it', async () => {
  await using at = await setUp()
  const inside = ['45.7.7.9', '45.7.7.0/28']
  for (const address of ['45.7.7.0/24', ...inside]) at.banned['sshd']?.add(address)
  await insertTimers(at.deps.hostDb, [{ ...first, address: '45.7.7.0/24' }])
  at.time.now = 1_060_000
  await at.run()
  expect([...(at.banned['sshd'] ?? [])]).toEqual(['45.2.2.2', ...inside])
  expect(await at.addresses()).toEqual(['45.2.2.2'])
})

it('leaves alone a ban of the same address that fail2ban made itself, before or since', async () => {
  await using at = await setUp()
  at.active.push(ban('45.1.1.1', { since: 900_000 }), ban('45.2.2.2', { since: 2_000_000 }))
  at.time.now = 3_000_000
  await at.run()
  expect(at.calls).toEqual([])
  expect(at.banned['sshd']?.size).toBe(2)
  expect(await at.addresses()).toEqual([])
})

it('leaves alone a ban of failures that came while somebody asked for the same, not one that was put back', async () => {
  await using at = await setUp()
  at.active.push(
    ban('45.1.1.1', { since: 1_000_000, attempts: 2 }),
    ban('45.2.2.2', { since: 900_000, restoredAt: 1_000_000, attempts: 2, id: 4 }),
  )
  at.time.now = 1_120_000
  await at.run()
  expect([...(at.banned['sshd'] ?? [])]).toEqual(['45.1.1.1'])
  expect(await at.addresses()).toEqual([])
})

it('is a job that looks every few seconds, at its deadline stops between two batches', async () => {
  await using at = await setUp()
  expect(at.job).toMatchObject({ name: 'timed_unbans', deadline: 30_000 })
  const abort = new AbortController()
  abort.abort()
  at.time.now = 2_000_000
  await at.job.run(abort.signal)
  expect(at.calls).toEqual([])
})
