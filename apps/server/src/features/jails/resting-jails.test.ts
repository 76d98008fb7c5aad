import { describe, expect, it } from 'vitest'
import { createFakeArchive } from '../../../test/fake-archive.ts'
import { jail } from '../../../test/fake-host.ts'
import { createTestLog } from '../../../test/silent-log.ts'
import { withRest } from './jail-list.ts'
import { createRestingJails, noteLoads } from './resting-jails.ts'

async function setUp() {
  const positions = createFakeArchive()
  const { log } = createTestLog()
  const start = () => createRestingJails({ positions, log })
  const resting = start()
  await resting.meet('first')
  return { positions, start, resting }
}

const loaded = (at: number, change: 'started' | 'stopped' | 'reloaded' = 'reloaded') => [
  { seq: 1, event: { type: 'jail.changed' as const, at, jail: 'sshd', change } },
]

describe('the jails that rest', () => {
  it('are known until they work again', async () => {
    const { resting } = await setUp()
    await resting.add('sshd', 1_000)
    expect([resting.has('sshd'), resting.has('web')]).toEqual([true, false])
    await resting.remove('sshd')
    expect(resting.has('sshd')).toBe(false)
    await resting.add('sshd', 1_000)
    await resting.removeAll()
    expect(resting.has('sshd')).toBe(false)
  })

  it('are not forgotten when fail2ban does not say in time that they run', async () => {
    const { resting } = await setUp()
    await resting.add('sshd', 1_000)
    expect(withRest(jail('sshd', { running: false }), resting).idle).toBeUndefined()
    expect(withRest(jail('sshd', { running: true }), resting).idle).toBe(true)
  })

  it.each(['started', 'stopped', 'reloaded'] as const)('are not those that were %s since', async (change) => {
    const { resting } = await setUp()
    await resting.add('sshd', 1_000)
    noteLoads(resting, loaded(999, change))
    expect(resting.has('sshd')).toBe(true)
    noteLoads(resting, loaded(1_001, change))
    expect(resting.has('sshd')).toBe(false)
  })

  it('are known to the next BanGUI, as long as the same daemon runs', async () => {
    const { resting, start } = await setUp()
    await resting.add('sshd', 1_000)
    const next = start()
    await next.meet('first')
    expect(next.has('sshd')).toBe(true)
    await next.meet('second')
    expect(next.has('sshd')).toBe(false)
    const last = start()
    await last.meet('first')
    expect(last.has('sshd')).toBe(false)
  })

  it('are not those that were loaded while BanGUI was away', async () => {
    const { resting, start } = await setUp()
    await resting.add('sshd', 1_000)
    const next = start()
    noteLoads(next, loaded(2_000))
    await next.meet('first')
    expect(next.has('sshd')).toBe(false)
  })

  it.each(['', '{', '{"daemon":1}', '{"daemon":"first","jails":[["sshd"]]}'])(
    'are none where what was saved is %j',
    async (saved) => {
      const { positions, start } = await setUp()
      positions.positions.set('resting_jails', saved)
      const next = start()
      await next.meet('first')
      expect(next.has('sshd')).toBe(false)
    },
  )
})
