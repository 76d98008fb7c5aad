import { openTestDatabase, saveRememberedJails } from '@bangui/db'
import { LOCAL_HOST_ID } from '@bangui/shared'
import { describe, expect, it, onTestFinished } from 'vitest'
import { jail } from '../../../test/fake-host.ts'
import { createTestLog } from '../../../test/silent-log.ts'
import { withIdle } from './jail-list.ts'
import { createIdleJails, noteLoads } from './idle-jails.ts'

async function setUp() {
  const { db, close } = await openTestDatabase()
  onTestFinished(close)
  const { log } = createTestLog()
  const hostDb = { db, hostId: LOCAL_HOST_ID }
  const start = () => createIdleJails({ hostDb, log })
  const idle = start()
  await idle.setInstance('first')
  return { hostDb, start, idle }
}

const loaded = (at: number, change: 'started' | 'stopped' | 'reloaded' = 'reloaded') => [
  { seq: 1, event: { type: 'jail.changed' as const, at, jail: 'sshd', change } },
]

describe('idle jails', () => {
  it('are known until they work again', async () => {
    const { idle } = await setUp()
    await idle.add('sshd', 1_000)
    expect([idle.has('sshd'), idle.has('web')]).toEqual([true, false])
    await idle.remove('sshd')
    expect(idle.has('sshd')).toBe(false)
    await idle.add('sshd', 1_000)
    await idle.removeAll()
    expect(idle.has('sshd')).toBe(false)
  })

  it('are not forgotten when fail2ban does not say in time that they run', async () => {
    const { idle } = await setUp()
    await idle.add('sshd', 1_000)
    expect(withIdle(jail('sshd', { running: false }), idle).idle).toBeUndefined()
    expect(withIdle(jail('sshd', { running: true }), idle).idle).toBe(true)
  })

  it.each(['started', 'stopped', 'reloaded'] as const)('are not those that were %s since', async (change) => {
    const { idle } = await setUp()
    await idle.add('sshd', 1_000)
    noteLoads(idle, loaded(999, change))
    expect(idle.has('sshd')).toBe(true)
    noteLoads(idle, loaded(1_001, change))
    expect(idle.has('sshd')).toBe(false)
  })

  it('are known to the next BanGUI, as long as the same daemon runs', async () => {
    const { idle, start } = await setUp()
    await idle.add('sshd', 1_000)
    const next = start()
    await next.setInstance('first')
    expect(next.has('sshd')).toBe(true)
    await next.setInstance('second')
    expect(next.has('sshd')).toBe(false)
    const last = start()
    await last.setInstance('first')
    expect(last.has('sshd')).toBe(false)
  })

  it('are not those that were loaded while BanGUI did not run', async () => {
    const { idle, start } = await setUp()
    await idle.add('sshd', 1_000)
    const next = start()
    noteLoads(next, loaded(2_000))
    await next.setInstance('first')
    expect(next.has('sshd')).toBe(false)
  })

  it('are none where another daemon had them', async () => {
    const { hostDb, start } = await setUp()
    await saveRememberedJails(hostDb, 'idle_jails', [{ jail: 'sshd', since: 1, daemon: 'another' }])
    const next = start()
    await next.setInstance('first')
    expect(next.has('sshd')).toBe(false)
  })
})
