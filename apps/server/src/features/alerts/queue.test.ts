import { describe, expect, it } from 'vitest'
import { createAlertTest, failedChange, titleOf } from '../../../test/alert-test.ts'

type Test = Awaited<ReturnType<typeof createAlertTest>>

describe('the queue', () => {
  const down = async (test: Test, rules = 1) => {
    const channel = await test.addChannel()
    for (let index = 0; index < rules; index++)
      await test.addRule({
        kind: 'daemon_down',
        channels: [channel],
        failAfterSeconds: 0,
        recoverAfterSeconds: 0,
      })
    await test.setStatus({ online: false })
    await test.look()
    return channel
  }

  it('tries a server again that fails for a day, and sends each message once when it is back', async () => {
    await using test = await createAlertTest(() => ({ ok: false, answer: '500 Internal Server Error' }))
    await down(test)
    await test.pass(86_400, 300)
    expect(test.sent.length).toBeGreaterThan(100)
    expect(test.sent.length).toBeLessThan(200)
    expect(new Set(test.sent.map(({ deliveryId }) => deliveryId)).size).toBe(1)
    expect((await test.api().channels())[0]).toMatchObject({
      waiting: 1,
      last: { ok: false, answer: '500 Internal Server Error' },
    })
    test.box.answer = () => ({ ok: true, answer: '200 OK' })
    const failed = test.sent.length
    await test.pass(1200, 300)
    expect(test.sent).toHaveLength(failed + 1)
    expect((await test.api().incidents()).rows[0]?.state).toBe('notified')
  })

  it('leaves a server alone for as long as it asks', async () => {
    await using test = await createAlertTest(() => ({ ok: false, answer: '429', retryAfterMs: 600_000 }))
    await down(test)
    await test.pass(595, 5)
    expect(test.sent).toHaveLength(1)
    await test.pass(5)
    expect(test.sent).toHaveLength(2)
  })

  it('names what cannot be sent at all, and goes on', async () => {
    await using test = await createAlertTest(() => ({ ok: false, answer: '404 Not Found', permanent: true }))
    await down(test)
    await test.pass(3600, 300)
    expect(test.sent).toHaveLength(1)
    expect((await test.api().deliveries()).rows).toMatchObject([{ state: 'failed', answer: '404 Not Found' }])
    const { id = '' } = (await test.api().incidents()).rows[0] ?? {}
    expect((await test.api().incident({ id })).history).toContainEqual(
      expect.objectContaining({ kind: 'failed', detail: 'Chat: 404 Not Found' }),
    )
    test.box.answer = () => ({ ok: true, answer: 'ok' })
    await test.setStatus({})
    await test.look()
    expect(test.titles().at(-1)).toBe('resolved: fail2ban on test is down')
  })

  it('sends no more than its cap in an hour, then one message for all that waited', async () => {
    await using test = await createAlertTest()
    const channel = await test.addChannel({ maxPerHour: 3 })
    await test.addRule({
      kind: 'daemon_down',
      channels: [channel],
      failAfterSeconds: 0,
      recoverAfterSeconds: 0,
    })
    for (let times = 0; times < 20; times++) {
      await test.setStatus({ online: times % 2 === 1 })
      await test.pass(60)
    }
    expect(test.sent).toHaveLength(3)
    await test.pass(3600, 60)
    expect(test.sent).toHaveLength(4)
    expect(titleOf(test.sent[3]?.message ?? { digest: { title: '', text: '', url: null } })).toBe(
      'open: fail2ban on test is down +6',
    )
  })

  it('goes on with the other channels while one hangs', async () => {
    const hanging = Promise.withResolvers<{ ok: true; answer: string }>()
    await using test = await createAlertTest(({ channel }) =>
      channel === 'Slow' ? hanging.promise : { ok: true, answer: 'ok' },
    )
    const channels = [await test.addChannel({ name: 'Slow' }), await test.addChannel()]
    await test.addRule({ kind: 'daemon_down', channels, failAfterSeconds: 0, recoverAfterSeconds: 0 })
    await test.setStatus({ online: false })
    const looking = test.look()
    await expect.poll(() => test.sent.length).toBe(2)
    await test.setStatus({})
    await expect.poll(() => test.sent.filter(({ channel }) => channel === 'Chat').length).toBe(2)
    hanging.resolve({ ok: true, answer: 'late' })
    await looking
  })

  it('waits for a message that is being sent when BanGUI ends, and does not send it again', async () => {
    const answer = Promise.withResolvers<{ ok: true; answer: string }>()
    await using test = await createAlertTest(() => answer.promise)
    const channels = [await test.addChannel()]
    await test.addRule({ kind: 'daemon_down', channels, failAfterSeconds: 0 })
    await test.setStatus({ online: false })
    const looking = test.look()
    await expect.poll(() => test.sent.length).toBe(1)
    const restarting = test.restart()
    answer.resolve({ ok: true, answer: 'late' })
    await Promise.all([looking, restarting])
    await test.look()
    expect(test.sent).toHaveLength(1)
    expect((await test.api().deliveries()).rows).toMatchObject([{ state: 'sent', doubtful: false }])
  })

  it('keeps messages through quiet hours, but not critical ones', async () => {
    await using test = await createAlertTest()
    test.time.now = Date.parse('2026-06-10T21:00:00Z')
    const quiet = { from: '22:00', to: '07:00', zone: 'Europe/Berlin' }
    const channel = await test.addChannel({ quiet })
    const rule = { channels: [channel], failAfterSeconds: 0, recoverAfterSeconds: 0 }
    await test.addRule({ kind: 'daemon_down', ...rule, severity: 'critical' })
    await test.addRule({ kind: 'recovery_pending', ...rule, severity: 'warning' })
    await test.setStatus({ online: false })
    await test.state.update((state) => ({ ...state, pendingRecovery: failedChange }))
    await test.look()
    expect(test.titles()).toEqual(['open: fail2ban on test is down'])
    await test.restart()
    await test.pass(7 * 3600 + 3599, 1200)
    expect(test.sent).toHaveLength(1)
    await test.pass(1)
    expect(test.titles()).toEqual([
      'open: fail2ban on test is down',
      'open: A change failed on test: jail sshd',
    ])
  })

  it('sends only critical incidents at once where a channel wants that', async () => {
    await using test = await createAlertTest()
    const channels = [await test.addChannel({ sends: 'critical' }), await test.addChannel({ sends: 'none' })]
    await test.addRule({ kind: 'daemon_down', channels, failAfterSeconds: 0, severity: 'warning' })
    await test.addRule({ kind: 'daemon_down', channels, failAfterSeconds: 0, severity: 'critical' })
    await test.setStatus({ online: false })
    await test.look()
    expect(test.sent).toHaveLength(1)
  })
})

describe('a digest', () => {
  const numbers = {
    overview: async () => ({ bans: 312, addresses: 200, newAddresses: 150, activeBans: 40 }),
    byJail: async () => [
      { key: 'sshd', bans: 300 },
      { key: 'nginx', bans: 12 },
      { key: 'idle', bans: 0 },
    ],
    byCountry: async () => [
      { key: 'NL', bans: 200 },
      { key: '??', bans: 112 },
    ],
  }

  it('of an hour comes again within the hour after the clock was set back by a day', async () => {
    await using test = await createAlertTest()
    Object.assign(test.archive, numbers)
    test.time.now = Date.parse('2026-06-10T12:30:00Z')
    await test.addChannel({ digest: { every: 'hourly', at: '00:00', zone: 'UTC' } })
    await test.pass(3600, 600)
    test.time.now -= 2_000
    await test.pass(3600, 600)
    test.time.now -= 86_400_000
    await test.pass(3600, 600)
    expect(test.sent.map(({ at }) => new Date(at).toISOString().slice(8, 16))).toEqual([
      '10T13:00',
      '10T14:09',
      '09T15:09',
    ])
  })

  it('comes once a day at its time, also over a change of the clocks and restarts, with a summary of the day', async () => {
    await using test = await createAlertTest()
    Object.assign(test.archive, numbers)
    test.time.now = Date.parse('2026-10-23T12:00:00Z')
    const digest = { every: 'daily', at: '02:30', zone: 'Europe/Berlin' }
    const channel = await test.addChannel({ digest, sends: 'none' })
    await test.addRule({ kind: 'daemon_down', channels: [channel], failAfterSeconds: 0 })
    await test.setStatus({ online: false })
    await test.look()
    for (let hour = 0; hour < 72; hour++) {
      if (hour % 7 === 0) await test.restart()
      await test.pass(3600, 1800)
    }
    expect(test.sent.map(({ at }) => new Date(at).toISOString())).toEqual([
      '2026-10-24T00:30:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ])
    const [first] = test.sent
    const text = first && 'digest' in first.message ? first.message.digest : undefined
    expect(text?.title).toBe('test: 312 bans, 1 incident')
    expect((await test.api().deliveries()).rows.at(-1)?.text).toBe(text?.text)
    expect(text?.text.split('\n')).toEqual([
      'From 23 Oct, 14:00 to 24 Oct, 02:30:',
      'Bans: 312, of 200 addresses (150 for the first time). Banned now: 40.',
      'Jails: sshd 300, nginx 12',
      'Countries: NL 200, unknown 112',
      '',
      'Incidents:',
      '- 23 Oct, 14:00 fail2ban on test is down (open)',
      'Not resolved:',
      '- 23 Oct, 14:00 fail2ban on test is down (open)',
    ])
  })
})
