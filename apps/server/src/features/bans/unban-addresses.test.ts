import { describe, expect, it } from 'vitest'
import { createBanApi, many } from '../../../test/ban-api.ts'

/** Counts how often the daemon is asked for all the bans of its jails. */
async function setUp() {
  const at = await createBanApi()
  const { unban, listJailBans } = at.host
  const looks = { count: 0 }
  at.host.listJailBans = (jail) => {
    looks.count += 1
    return listJailBans(jail)
  }
  // as the real host does for each call that has a name in it
  at.host.unban = (jail, addresses, options) => {
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

  it('is recorded no longer before than it is remembered, also where each unban takes a quarter of a second', async () => {
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
    await at.api.unban({ addresses: many(1_200), jail: 'sshd' })
    noteEnded()
    const waits = at.intents.map((intent) => (endedAt.get(intent.address) ?? Infinity) - intent.at)
    expect(waits).toHaveLength(1_200)
    expect(Math.max(...waits)).toBeLessThan(120_000)
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
