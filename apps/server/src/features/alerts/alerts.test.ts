import type { Event, Jail } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { createAlertTest, failedChange } from '../../../test/alert-test.ts'

const ban = (at: number, index = 0): Event => ({
  type: 'ban.added',
  at,
  jail: 'sshd',
  address: `203.0.${Math.floor(index / 250) % 250}.${(index % 250) + 1}`,
})

type Test = Awaited<ReturnType<typeof createAlertTest>>

const setJails = (test: Test, running: boolean) =>
  test.deps.jails.store.update(() => [
    { name: 'sshd', enabled: true, running, waitsForLog: false } as unknown as Jail,
    { name: 'off', enabled: false, running: false, waitsForLog: false } as unknown as Jail,
  ])

const list = { list: 3, name: 'Feed', jail: 'lists' }

describe('the rules', () => {
  it.each<[string, object, (test: Test) => unknown, (test: Test) => unknown, string]>([
    [
      'daemon_down',
      {},
      (test) => test.setStatus({ online: false, responding: false }),
      (test) => test.setStatus({}),
      'fail2ban on test is down',
    ],
    [
      'daemon_down',
      {},
      (test) => test.setStatus({ responding: false }),
      (test) => test.setStatus({}),
      'fail2ban on test does not answer',
    ],
    [
      'recovery_pending',
      {},
      (test) => test.state.update((state) => ({ ...state, pendingRecovery: failedChange })),
      (test) =>
        test.state.update((state) => ({ ...state, pendingRecovery: { ...failedChange, recovered: true } })),
      'A change failed on test: jail sshd',
    ],
    [
      'jail_missing',
      {},
      async (test) => {
        await test.setStatus({})
        await setJails(test, false)
      },
      (test) => setJails(test, true),
      'Jail sshd on test is not running',
    ],
    [
      'action_failing',
      { threshold: 2, windowSeconds: 60 },
      (test) => {
        const failed = {
          type: 'action.failed',
          at: test.time.now,
          jail: 'sshd',
          action: 'nft',
          verb: 'ban',
        } as const
        test.happen(failed, failed)
      },
      () => undefined,
      'Action nft of jail sshd fails on test',
    ],
    [
      'bans_above',
      { threshold: 5, windowSeconds: 60 },
      (test) => test.happen(...Array.from({ length: 5 }, (_, index) => ban(test.time.now, index))),
      () => undefined,
      'Many bans on test',
    ],
    [
      'address_of_interest',
      { addresses: ['203.0.0.0/24'], windowSeconds: 60 },
      (test) => test.happen(ban(test.time.now)),
      () => undefined,
      '203.0.0.0/24 was banned on test',
    ],
    [
      'config_changed_outside',
      { windowSeconds: 60 },
      (test) =>
        test.happen({
          type: 'config.changed',
          at: test.time.now,
          change: 'c1',
          title: 'Edited jail.local',
          files: 1,
        }),
      () => undefined,
      'The configuration on test was changed outside BanGUI',
    ],
    [
      'blocklist',
      {},
      (test) => test.happen({ type: 'blocklist.failed', at: test.time.now, ...list, message: 'It is HTML.' }),
      (test) =>
        test.happen({ type: 'blocklist.imported', at: test.time.now, ...list, banned: 0, unbanned: 0 }),
      'Blocklist Feed cannot be updated on test',
    ],
    [
      'blocklist',
      {},
      (test) =>
        test.happen({ type: 'blocklist.held', at: test.time.now, ...list, entries: 7, formerEntries: 9_000 }),
      (test) =>
        test.happen({ type: 'blocklist.imported', at: test.time.now, ...list, banned: 7, unbanned: 0 }),
      'Blocklist Feed is held back on test',
    ],
    [
      'blocklist',
      {},
      (test) =>
        test.happen({ type: 'blocklist.held', at: test.time.now, ...list, entries: 7, formerEntries: 9_000 }),
      (test) => test.happen({ type: 'blocklist.changed', at: test.time.now, ...list, change: 'dropped' }),
      'Blocklist Feed is held back on test',
    ],
    [
      'sign_in',
      { threshold: 3, windowSeconds: 60 },
      (test) => {
        const request = { remoteAddress: '198.51.100.9', sharedAddress: false }
        for (let times = 0; times < 3; times++)
          test.deps.signInLog.failed({ request, username: 'root' }, 'login failed')
      },
      () => undefined,
      'Failed sign-ins to BanGUI on web1.example.org',
    ],
    [
      'sign_in',
      { threshold: 3, windowSeconds: 60 },
      (test) => {
        const request = { remoteAddress: '198.51.100.9', sharedAddress: false }
        test.deps.signInLog.succeeded({ request, username: 'Ada' }, { isNewPlace: true })
      },
      () => undefined,
      'Ada signed in to BanGUI on web1.example.org from a new place',
    ],
  ])(
    '%s %j opens one incident, announced once, and resolves it',
    async (...[kind, rule, begin, end, title]) => {
      await using test = await createAlertTest()
      const channel = await test.addChannel()
      const waits = { failAfterSeconds: 30, recoverAfterSeconds: 0, sendResolved: true }
      await test.addRule({ kind: kind as 'health', channels: [channel], ...waits, ...rule })
      await begin(test)
      await test.look()
      expect(test.titles()).toEqual([])
      await test.pass(30)
      await test.look()
      expect(test.titles()).toEqual([`open: ${title}`])
      await end(test)
      await test.pass(70)
      await test.look()
      expect(test.titles()).toEqual([`open: ${title}`, `resolved: ${title}`])
      expect((await test.api().incidents({ state: 'open' })).rows).toEqual([])
      // nothing that is over is remembered
      expect(await test.deps.database.db.selectFrom('alert_subjects').selectAll().execute()).toEqual([])
    },
  )

  it('leave an incident of a list that cannot be fetched open where only a version of it was dropped', async () => {
    await using test = await createAlertTest()
    await test.addRule({ kind: 'blocklist', channels: [await test.addChannel()] })
    test.happen({ type: 'blocklist.failed', at: test.time.now, ...list, message: 'It is HTML.' })
    await test.look()
    test.happen({ type: 'blocklist.changed', at: test.time.now, ...list, change: 'dropped' })
    await test.look()
    expect((await test.api().incidents({ state: 'open' })).rows).toHaveLength(1)
    test.happen({ type: 'blocklist.changed', at: test.time.now, ...list, change: 'removed' })
    await test.look()
    expect((await test.api().incidents({ state: 'open' })).rows).toEqual([])
  })

  it('are not held up for a day by a clock that is set back by a day, and repeat nothing', async () => {
    await using test = await createAlertTest()
    test.time.now = Date.parse('2026-06-10T12:30:00Z')
    const channel = await test.addChannel()
    const waits = { recoverAfterSeconds: 0, sendResolved: true }
    await test.addRule({ kind: 'bans_above', channels: [channel], threshold: 2, ...waits })
    test.happen(ban(test.time.now), ban(test.time.now))
    await test.look()
    expect(test.titles()).toEqual(['open: Many bans on test'])
    test.time.now -= 86_400_000
    await test.look()
    await test.pass(7200, 600)
    expect(test.titles()).toEqual(['open: Many bans on test', 'resolved: Many bans on test'])
  })

  it.each<[object, number]>([
    [{ jails: ['nginx'] }, 0],
    [{ jails: ['sshd'] }, 1],
    [{ hosts: ['other'] }, 0],
    [{ hosts: ['local'] }, 1],
    [{ enabled: false }, 0],
    [{ threshold: 3 }, 0],
    [{ channels: [] }, 0],
  ])('are about what they name: %j', async (over, messages) => {
    await using test = await createAlertTest()
    const channel = await test.addChannel()
    await test.addRule({ kind: 'bans_above', channels: [channel], threshold: 2, ...over })
    test.happen(ban(test.time.now), ban(test.time.now))
    await test.look()
    expect(test.sent).toHaveLength(messages)
  })

  it('leave a daemon alone that BanGUI itself is loading, and jails of one that is offline', async () => {
    await using test = await createAlertTest()
    const channel = await test.addChannel()
    await test.addRule({ kind: 'daemon_down', channels: [channel], failAfterSeconds: 0 })
    await test.addRule({ kind: 'jail_missing', channels: [channel], failAfterSeconds: 0 })
    await test.setStatus({ online: false, activity: 'loading' })
    await setJails(test, false)
    await test.pass(60, 10)
    expect(test.titles()).toEqual([])
    await test.setStatus({ online: false })
    await test.pass(60, 10)
    expect(test.titles()).toEqual(['open: fail2ban on test is down'])
  })

  it('resolve an incident without a message when they are switched off or removed', async () => {
    await using test = await createAlertTest()
    const channel = await test.addChannel()
    const rule = { kind: 'daemon_down' as const, channels: [channel], failAfterSeconds: 0 }
    const off = await test.addRule(rule)
    const removed = await test.addRule(rule)
    await test.setStatus({ online: false })
    await test.look()
    await test.api().updateRule({ id: off, enabled: false })
    await test.api().removeRule({ id: removed })
    await test.look()
    expect(test.sent).toHaveLength(2)
    const { rows } = await test.api().incidents()
    expect(rows.map(({ state, ruleId }) => [state, ruleId])).toEqual([
      ['resolved', null],
      ['resolved', off],
    ])
  })

  it('are silent while they or an incident are muted, and announce afterwards what is still there', async () => {
    await using test = await createAlertTest()
    const channel = await test.addChannel()
    const rule = await test.addRule({
      kind: 'daemon_down',
      channels: [channel],
      failAfterSeconds: 0,
      remindMinutes: 5,
    })
    await test.api().mute({ rule, minutes: 10 })
    await test.setStatus({ online: false })
    await test.pass(540, 60)
    expect(test.titles()).toEqual([])
    expect((await test.api().incidents({ state: 'open' })).rows).toMatchObject([{ state: 'open' }])
    await test.pass(60)
    expect(test.titles()).toEqual(['open: fail2ban on test is down'])
    await test.pass(300)
    expect(test.sent).toHaveLength(2)
    const id = (await test.api().incidents({ state: 'open' })).rows[0]?.id ?? ''
    await test.api().mute({ incident: id, minutes: 60 })
    await test.pass(1200, 60)
    expect(test.sent).toHaveLength(2)
    await test.api().mute({ incident: id, minutes: null })
    await test.look()
    expect(test.sent).toHaveLength(3)
    await test.api().acknowledge({ id })
    await test.pass(1200, 60)
    expect(test.sent).toHaveLength(3)
  })
})

describe('a storm', () => {
  it('of 10,000 bans is one incident and one message, and costs the database a few statements', async () => {
    await using test = await createAlertTest()
    const channel = await test.addChannel()
    await test.addRule({ kind: 'bans_above', channels: [channel], threshold: 100 })
    await test.addRule({ kind: 'address_of_interest', channels: [channel], addresses: ['203.0.7.0/28'] })
    for (let batch = 0; batch < 10; batch++)
      test.happen(...Array.from({ length: 1000 }, (_, index) => ban(test.time.now, batch * 1000 + index)))
    await test.look()
    await test.look()
    expect(test.titles()).toEqual(['open: Many bans on test', 'open: 203.0.7.0/28 was banned on test'])
    const { db } = test.deps.database
    expect((await test.api().incidents()).rows.map(({ count }) => count)).toEqual([15, 10_000])
    expect(await db.selectFrom('alert_subjects').selectAll().execute()).toHaveLength(2)
    expect(await db.selectFrom('alert_deliveries').selectAll().execute()).toHaveLength(2)
  })

  it('of findings, jails and rules at once is one message, and no more than a rule can remember', async () => {
    await using test = await createAlertTest()
    const channel = await test.addChannel()
    for (let index = 0; index < 5; index++)
      await test.addRule({ kind: 'daemon_down', channels: [channel], failAfterSeconds: 0 })
    await test.addRule({ kind: 'action_failing', channels: [channel], threshold: 1 })
    await test.setStatus({ online: false })
    test.happen(
      ...Array.from({ length: 700 }, (_, index): Event => {
        return { type: 'action.failed', at: test.time.now, jail: `jail${index}`, action: 'nft', verb: 'ban' }
      }),
    )
    await test.look()
    expect(test.titles()).toEqual(['open: fail2ban on test is down +494'])
    const { rows } = await test.api().deliveries()
    expect(rows.filter(({ merged }) => merged > 0).map(({ merged }) => merged)).toEqual([504])
    expect((await test.api().incidents({ state: 'notified', limit: 500 })).rows).toHaveLength(500)
  })
})

describe('a restart', () => {
  it('repeats nothing and forgets nothing: what waits, what is open, and what was counted', async () => {
    await using test = await createAlertTest()
    const channel = await test.addChannel()
    await test.addRule({ kind: 'daemon_down', channels: [channel], failAfterSeconds: 60 })
    await test.addRule({ kind: 'bans_above', channels: [channel], threshold: 10, windowSeconds: 600 })
    await test.setStatus({ online: false })
    test.happen(...Array.from({ length: 6 }, () => ban(test.time.now)))
    await test.look()
    await test.restart()
    await test.pass(60)
    expect(test.titles()).toEqual(['open: fail2ban on test is down'])
    await test.restart()
    test.happen(...Array.from({ length: 4 }, () => ban(test.time.now)))
    await test.look()
    expect(test.titles()).toEqual(['open: fail2ban on test is down', 'open: Many bans on test'])
    await test.restart()
    await test.setStatus({})
    await test.pass(700, 100)
    expect(test.titles().slice(2)).toEqual([
      'resolved: fail2ban on test is down',
      'resolved: Many bans on test',
    ])
  })

  it('looks at events that were stored before, and at none twice', async () => {
    await using test = await createAlertTest()
    const channel = await test.addChannel()
    await test.addRule({ kind: 'bans_above', channels: [channel], threshold: 3 })
    test.happen(ban(test.time.now))
    await test.look()
    // stored and not passed on: BanGUI ended in between
    test.archive.store(ban(test.time.now))
    await test.restart()
    await test.look()
    expect(test.titles()).toEqual([])
    test.happen(ban(test.time.now))
    await test.look()
    expect(test.titles()).toEqual(['open: Many bans on test'])
    expect((await test.api().incidents()).rows[0]?.count).toBe(3)
  })

  it('in the middle of sending sends the same again, under the same id, and says that it may have arrived twice', async () => {
    await using test = await createAlertTest()
    const channel = await test.addChannel()
    await test.addRule({ kind: 'daemon_down', channels: [channel], failAfterSeconds: 0 })
    await test.setStatus({ online: false })
    await test.look()
    const { db } = test.deps.database
    // as the message leaves it: sent, and nobody has stored that
    await db.updateTable('alert_deliveries').set({ state: 'sending', sent_at: null }).execute()
    await test.restart()
    await test.look()
    expect(test.sent).toHaveLength(2)
    expect(test.sent[1]).toMatchObject({
      message: test.sent[0]?.message,
      deliveryId: test.sent[0]?.deliveryId,
    })
    expect((await test.api().deliveries()).rows).toMatchObject([
      { state: 'sent', doubtful: true, attempts: 2 },
    ])
  })

  it('after an error of the database looks at the same again', async () => {
    await using test = await createAlertTest()
    const channel = await test.addChannel()
    await test.addRule({ kind: 'bans_above', channels: [channel], threshold: 2 })
    const { db } = test.deps.database
    const insert = db.schema
    await insert.alterTable('alert_subjects').renameTo('gone').execute()
    test.happen(ban(test.time.now), ban(test.time.now))
    await expect(test.look()).rejects.toThrow()
    await db.schema.alterTable('gone').renameTo('alert_subjects').execute()
    await test.look()
    expect(test.titles()).toEqual(['open: Many bans on test'])
    expect((await test.api().incidents()).rows[0]?.count).toBe(2)
  })
})
