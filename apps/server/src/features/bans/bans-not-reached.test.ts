import { HostError } from '@bangui/fail2ban'
import { describe, expect, it } from 'vitest'
import { createBanApi, many } from '../../../test/ban-api.ts'
import { refusalOf } from '../../../test/create-test-deps.ts'

describe('a long list', () => {
  it.each([{ duration: undefined }, { duration: 120 }])(
    'can be cancelled: what was not reached ends when it was to end before, for %j',
    async ({ duration }) => {
      await using at = await createBanApi()
      const addresses = many(100)
      await at.api.ban({ jail: 'sshd', addresses: [addresses[5], addresses[90]].map(String), duration: 60 })
      const [first, last] = await at.timers()
      at.time.now += 1_000
      at.hooks.beforeBatch = (done) => {
        if (done === 20) at.deps.operations.cancel('mine')
      }
      const result = await at.api.ban({ jail: 'sshd', addresses, duration, operationId: 'mine' })
      expect(result.refused).toHaveLength(70)
      const timers = await at.timers()
      expect(timers).toContainEqual(last)
      expect(timers).not.toContainEqual(first)
      expect(timers).toHaveLength(duration === undefined ? 1 : 31)
    },
  )

  it.each([{ duration: undefined }, { duration: 120 }])(
    'can be cancelled: nobody is remembered for what was not reached, for %j',
    async ({ duration }) => {
      await using at = await createBanApi()
      at.hooks.beforeBatch = (done) => {
        if (done === 20) at.deps.operations.cancel('mine')
      }
      await at.api.ban({ jail: 'sshd', addresses: many(1_200), duration, operationId: 'mine' })
      expect(at.pendingActions.map(({ address }) => address)).toEqual(many(30))
    },
  )

  it('that the daemon leaves in the middle has ends only for what may have been sent', async () => {
    await using at = await createBanApi()
    at.hooks.beforeBatch = (done) => {
      if (done === 20)
        throw new HostError('daemon_unavailable', { reason: 'refused', message: 'Nobody listens.' })
    }
    await refusalOf(at.api.ban({ jail: 'sshd', addresses: many(1_000), duration: 60 }))
    expect((await at.timers()).map(({ address }) => address).toSorted()).toEqual(many(30).toSorted())
    expect(at.pendingActions.map(({ address }) => address)).toEqual(many(30))
  })

  it('of which all are banned already leaves nobody for the next ban', async () => {
    await using at = await createBanApi()
    for (const address of many(3)) at.banned['sshd']?.add(address)
    expect(await at.api.ban({ jail: 'sshd', addresses: many(3) })).toMatchObject({ banned: 0, already: 3 })
    expect(at.pendingActions).toEqual([])
  })

  it.each([{ duration: 60 }, { duration: undefined }])(
    'that is banned already is answered with how long its jail bans for: %j',
    async ({ duration }) => {
      await using at = await createBanApi()
      const addresses = many(3)
      const answers: unknown[] = []
      const checked: string[] = []
      const emitted: unknown[] = []
      const event = { seq: 1, event: { type: 'reset', at: 1 } } as const
      at.archive.answerBans = async (answer) => {
        answers.push(answer)
        return [event]
      }
      at.deps.events.listen((stored) => emitted.push(...stored))
      for (const address of addresses.slice(1)) at.banned['sshd']?.add(address)
      const api = at.as('operator', { checkBans: (jail) => checked.push(jail) })
      await api.ban({ jail: 'sshd', addresses, duration, operationId: 'mine' })
      const answer = { operation: 'mine', jail: 'sshd', already: addresses.slice(1), bantime: 600 }
      expect(answers).toEqual([answer])
      expect([checked, emitted]).toEqual([['sshd'], [event]])
    },
  )

  it('that the daemon leaves in the middle of a chunk leaves the ends of what was not reached', async () => {
    await using at = await createBanApi()
    const addresses = many(100)
    await at.api.ban({ jail: 'sshd', addresses: [addresses[5], addresses[90]].map(String), duration: 60 })
    at.hooks.beforeBatch = (done) => {
      if (done === 50)
        throw new HostError('daemon_unavailable', { reason: 'refused', message: 'Nobody listens.' })
    }
    expect(await refusalOf(at.api.ban({ jail: 'sshd', addresses }))).toMatchObject({ params: { done: 50 } })
    expect(await at.timers()).toMatchObject([{ address: addresses[90] }])
  })

  it.each([{ duration: undefined }, { duration: 120 }])(
    'that is cancelled while it is prepared leaves the ends as they were, for %j',
    async ({ duration }) => {
      await using at = await createBanApi()
      const addresses = many(100)
      await at.api.ban({ jail: 'sshd', addresses: addresses.slice(0, 1), duration: 60 })
      const timers = await at.timers()
      at.archive.addPendingActions = async () => void at.deps.operations.cancel('mine')
      const input = { jail: 'sshd', addresses, duration, operationId: 'mine' }
      expect(await at.api.ban(input)).toMatchObject({ banned: 0, refused: { length: 100 } })
      expect(await at.timers()).toEqual(timers)
    },
  )
})
