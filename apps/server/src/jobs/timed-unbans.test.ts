import { insertTimers, listDueTimers, type Timer } from '@bangui/db'
import { HostError } from '@bangui/fail2ban'
import type { HistoryRow } from '@bangui/shared'
import { describe, expect, it, vi } from 'vitest'
import { ban, withBans } from '../../test/ban-daemon.ts'
import { createTestDeps } from '../../test/create-test-deps.ts'
import { failure } from '../../test/fake-host.ts'
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
  return { ...test, ...daemon, reconcile, job, run, addresses }
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
    expect(at.calls).toEqual(['unban web 1', 'unban sshd 1'])
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
