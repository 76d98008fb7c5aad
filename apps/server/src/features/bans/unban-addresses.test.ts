import { HostError } from '@bangui/fail2ban'
import { isJailName } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { createBanApi, many } from '../../../test/ban-api.ts'
import { ban } from '../../../test/ban-daemon.ts'
import { refusalOf } from '../../../test/create-test-deps.ts'

/** Counts how often the daemon is asked for all the bans of its jails. */
async function setUp() {
  const at = await createBanApi()
  const { unban, list } = at.host.bans
  const looks = { count: 0 }
  at.host.bans.list = (jail) => {
    looks.count += 1
    return list(jail)
  }
  // as the real host does for each call that has a name in it
  at.host.bans.unban = (jail, addresses, options) => {
    if (addresses.some((text) => !text.startsWith('45.'))) looks.count += 1
    return unban(jail, addresses, options)
  }
  return { ...at, looks }
}

describe('a long list to unban', () => {
  it.each([{ jail: undefined }, { jail: 'sshd' }])(
    'has the jails listed as often with junk all over it as without: %j',
    async ({ jail }) => {
      await using at = await setUp()
      for (const text of ['45.0.0.7', 'attacker.example', 'root']) at.banned['sshd']?.add(text)
      const junk = Array.from({ length: 3_000 }, (_, index) => `junk ${index}`)
      const mixed = many(3_000).flatMap((address, index) => [address, junk[index] ?? ''])
      const addresses = ['attacker.example', ...mixed, 'root']
      const seen: number[] = []
      at.hooks.beforeBatch = () => void seen.push(at.deps.operations.list()[0]?.done ?? -1)
      const result = await at.api.unban({ addresses, operationId: 'mine', ...(jail && { jail }) })
      expect(result).toEqual({ unbanned: 3, absent: 5_999 })
      expect(at.banned['sshd']).toEqual(new Set())
      expect(at.looks.count).toBe(2)
      expect(seen.at(-1)).toBe(6_000)
      expect(at.deps.operations.list()).toMatchObject([{ done: 6_002, total: 6_002, state: 'done' }])
    },
  )

  it.each([
    { named: 'addresses', wanted: many(1_200) },
    { named: 'a network', wanted: ['45.0.0.0/8'] },
  ])('is recorded no longer before than it is remembered, however slow: $named', async ({ wanted }) => {
    await using at = await setUp()
    const endedAt = new Map<string, number>()
    for (const address of many(1_200)) at.banned['sshd']?.add(address)
    const noteEnded = () => {
      for (const address of many(1_200))
        if (!endedAt.has(address) && !at.banned['sshd']?.has(address)) endedAt.set(address, at.time.now)
    }
    at.hooks.beforeBatch = () => {
      noteEnded()
      at.time.now += 2_500
    }
    const result = await at.api.unban({ addresses: wanted, jail: 'sshd' })
    expect(result).toEqual({ unbanned: 1_200, absent: 0 })
    noteEnded()
    const waits = at.pendingActions.map((pending) => (endedAt.get(pending.address) ?? Infinity) - pending.at)
    expect(waits).toHaveLength(1_200)
    expect(Math.max(...waits)).toBeLessThan(120_000)
  })

  it('leaves the end of a ban that was made meanwhile', async () => {
    await using at = await createBanApi()
    const [first = ''] = many(1)
    await at.api.ban({ jail: 'sshd', addresses: many(30), duration: 60 })
    at.hooks.beforeBatch = async (done) => {
      if (done !== 20) return
      at.hooks.beforeBatch = () => undefined
      at.time.now += 1_000
      await at.api.ban({ jail: 'sshd', addresses: [first], duration: 20 })
    }
    await at.api.unban({ jail: 'sshd', addresses: many(30) })
    expect(await at.timers()).toMatchObject([{ address: first, endsAt: at.time.now + 20_000 }])
  })

  it.each([{ jail: 'sshd' }, { jail: undefined }])(
    'leaves nobody for what was not ended by it: %j',
    async ({ jail }) => {
      await using at = await createBanApi()
      const [first = '', ...others] = many(300)
      for (const address of many(300)) at.active.push(ban(address))
      for (const address of many(300)) at.banned['sshd']?.add(address)
      at.hooks.beforeBatch = (done) => {
        if (done === 20) at.deps.operations.cancel('mine')
      }
      await at.api.unban({ addresses: many(300), operationId: 'mine', ...(jail && { jail }) })
      expect(at.pendingActions.map(({ address }) => address)).toEqual([first, ...others].slice(0, 30))
      at.hooks.beforeBatch = () => undefined
      at.pendingActions.length = 0
      await at.api.unban({ addresses: [first], ...(jail && { jail }) })
      expect(at.pendingActions).toEqual([])
    },
  )

  it('that was cancelled is recorded as cancelled', async () => {
    await using at = await setUp()
    for (const address of many(300)) at.active.push(ban(address))
    for (const address of many(300)) at.banned['sshd']?.add(address)
    at.hooks.beforeBatch = (done) => {
      if (done === 20) at.deps.operations.cancel('mine')
    }
    await at.api.unban({ addresses: many(300), operationId: 'mine', jail: 'sshd' })
    expect(at.deps.operations.list()).toMatchObject([{ id: 'mine', state: 'cancelled' }])
  })

  it('can be cancelled: nothing after it is looked for', async () => {
    await using at = await setUp()
    const names = Array.from({ length: 300 }, (_, index) => `name ${index}`)
    at.hooks.beforeBatch = (done) => {
      if (done === 20) at.deps.operations.cancel('mine')
    }
    const addresses = [...names, ...many(300)]
    expect(await at.api.unban({ addresses, operationId: 'mine' })).toEqual({ unbanned: 0, absent: 30 })
    expect(at.looks.count).toBe(0)
  })
})

it.each([{ addresses: [], all: true }, { addresses: ['45.0.0.0/8'] }])(
  'what a fail2ban that starts has not restored yet is waited for: %j',
  async (input) => {
    await using at = await createBanApi()
    at.banned['sshd']?.add('45.1.1.1')
    at.host.daemon.whenBansRestored = async () => void at.banned['sshd']?.add('45.1.1.2')
    expect(await at.api.unban(input)).toEqual({ unbanned: 2, absent: 0 })
  },
)

describe('networks to unban', () => {
  it('end what the daemon has inside them, in every jail, each once', async () => {
    await using at = await createBanApi()
    at.tuning['web'] = { bantime: 60 }
    at.banned['web'] = new Set(['45.1.1.1', '2001:db8::1', 'root'])
    for (const address of ['45.1.1.1', '45.1.1.2', '46.1.1.1']) at.banned['sshd']?.add(address)
    const addresses = ['45.1.1.0/24', '45.1.1.2', '45.1.0.0/16', '10.0.0.0/8', '2001:db8::/32']
    expect(await at.api.unban({ addresses, operationId: 'mine' })).toEqual({ unbanned: 4, absent: 1 })
    expect(at.banned).toEqual({ sshd: new Set(['46.1.1.1']), web: new Set(['root']) })
    expect(at.deps.operations.list()).toMatchObject([{ done: 5, total: 5, state: 'done' }])
  })

  it('that end no ban of their own are counted: all that was named is', async () => {
    await using at = await createBanApi()
    expect(await at.api.unban({ addresses: ['45.1.1.0/24', '46.0.0.0/8'] })).toEqual({
      unbanned: 0,
      absent: 2,
    })
    const named = async (addresses: string[]) => {
      at.banned['sshd']?.add('45.1.1.1')
      return at.api.unban({ addresses, jail: 'sshd' })
    }
    expect(await named(['45.1.1.1', '45.1.1.0/24'])).toEqual({ unbanned: 1, absent: 1 })
    expect(await named(['45.1.1.0/24', '45.1.0.0/16'])).toEqual({ unbanned: 1, absent: 1 })
  })

  it('are no longer ended by BanGUI later, also where fail2ban has lost their ban', async () => {
    await using at = await createBanApi()
    await at.api.ban({ jail: 'sshd', addresses: ['45.1.1.0/24'], duration: 60 })
    at.banned['sshd']?.clear()
    expect(await at.timers()).toHaveLength(1)
    await at.api.unban({ addresses: ['45.1.1.0/24'], jail: 'sshd' })
    expect(await at.timers()).toEqual([])
  })

  it('end bans also in a jail that BanGUI would not name to the daemon', async () => {
    await using at = await createBanApi()
    at.tuning['wp+login'] = { bantime: 60 }
    at.banned['wp+login'] = new Set(['45.1.1.1'])
    at.banned['sshd']?.add('45.1.1.2')
    const { list } = at.host.bans
    at.host.bans.list = async (jail) => {
      if (!isJailName(jail)) throw new HostError('jail_unknown', { jailName: jail })
      return list(jail)
    }
    expect(await at.api.unban({ addresses: ['45.1.1.0/24'] })).toEqual({ unbanned: 2, absent: 0 })
    expect(at.banned).toEqual({ sshd: new Set(), 'wp+login': new Set() })
  })

  it('end what the other jails have where one is stopped meanwhile', async () => {
    await using at = await createBanApi()
    at.tuning['web'] = { bantime: 600 }
    at.banned['web'] = new Set(['46.1.1.1'])
    await at.api.ban({ jail: 'sshd', addresses: many(301), duration: 60 })
    expect(await at.timers()).toHaveLength(301)
    at.hooks.beforeBatch = (done) => {
      if (done === 150) throw new HostError('jail_unknown', { jailName: 'sshd' })
    }
    const result = await at.api.unban({ addresses: ['45.0.0.0/8', '46.0.0.0/8'], operationId: 'mine' })
    expect(result).toEqual({ unbanned: 151, absent: 151 })
    // a jail that was stopped has its bans again when it starts
    expect(await at.timers()).toHaveLength(301)
    expect(at.calls.filter((call) => call.startsWith('unban'))).toEqual(['unban sshd 200', 'unban web 1'])
    expect(at.deps.operations.list().at(-1)).toMatchObject({ done: 302, total: 302, state: 'done' })

    const refusal = await refusalOf(at.api.unban({ addresses: many(200), jail: 'sshd' }))
    expect(refusal).toMatchObject({ reason: 'jail_not_running' })
  })
})
