import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createAlertTest } from '../../../test/alert-test.ts'

const step = fc.record({
  seconds: fc.integer({ min: 1, max: 900 }),
  online: fc.boolean(),
  bans: fc.integer({ min: 0, max: 4 }),
  /** what the server answers until the next step */
  answer: fc.constantFrom('ok', 'ok', 'failed', 'refused'),
  verb: fc.constantFrom(null, null, 'restart', 'crash', 'acknowledge', 'mute'),
})

const answers = {
  ok: { ok: true, answer: '200' },
  failed: { ok: false, answer: '500' },
  refused: { ok: false, answer: '404', permanent: true },
} as const

it('over any course of things, each incident is opened, announced and resolved once, and each message arrives once or is named', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
      await using test = await createAlertTest()
      const arrived = new Map<string, number>()
      let answer: keyof typeof answers = 'ok'
      test.box.answer = ({ deliveryId }) => {
        if (answer === 'ok') arrived.set(deliveryId, (arrived.get(deliveryId) ?? 0) + 1)
        return answers[answer]
      }
      const channels = [await test.addChannel({ maxPerHour: 6 })]
      await test.addRule({ kind: 'daemon_down', channels, failAfterSeconds: 60, recoverAfterSeconds: 60 })
      await test.addRule({
        kind: 'bans_above',
        channels,
        threshold: 6,
        windowSeconds: 600,
        remindMinutes: 10,
      })
      for (const { seconds, online, bans, verb, ...rest } of steps) {
        answer = rest.answer
        await test.setStatus({ online })
        const at = test.time.now
        const address = '203.0.113.7'
        test.happen(
          ...Array.from({ length: bans }, () => ({ type: 'ban.added' as const, at, jail: 'sshd', address })),
        )
        await test.look()
        // events that nobody was told of before BanGUI ended
        if (verb === 'crash') test.archive.store({ type: 'ban.added', at, jail: 'sshd', address })
        if (verb === 'crash' || verb === 'restart') await test.restart()
        const [open] = (await test.api().incidents({ state: 'open' })).rows
        if (verb === 'acknowledge' && open) await test.api().acknowledge({ id: open.id })
        if (verb === 'mute' && open) await test.api().mute({ incident: open.id, minutes: 20 })
        await test.pass(seconds, 300)
      }
      answer = 'ok'
      await test.setStatus({})
      await test.pass(6 * 3600, 600)

      const { db } = test.deps.database
      const incidents = await db.selectFrom('alert_incidents').selectAll().execute()
      const deliveries = await db.selectFrom('alert_deliveries').selectAll().execute()
      expect(incidents.filter(({ state }) => state !== 'resolved')).toEqual([])
      expect(deliveries.filter(({ state }) => state !== 'sent' && state !== 'failed')).toEqual([])
      for (const { seq, announced_at, muted_until, opened_at } of incidents) {
        const kinds = deliveries.filter(({ incident }) => incident === seq).map(({ kind }) => kind)
        const isAnnounced = announced_at !== null
        expect(kinds.filter((kind) => kind === 'opened')).toHaveLength(isAnnounced ? 1 : 0)
        expect(kinds.filter((kind) => kind === 'resolved').length).toBeLessThanOrEqual(isAnnounced ? 1 : 0)
        // only what was muted from its beginning can stay without a message
        expect(isAnnounced || (muted_until ?? 0) > opened_at).toBe(true)
        if (muted_until === null) expect(kinds).toContain('resolved')
      }
      const sent = deliveries.filter(({ state, merged_into }) => state === 'sent' && merged_into === null)
      expect(new Map(sent.map(({ delivery_id }) => [delivery_id, 1]))).toEqual(arrived)
      expect(await db.selectFrom('alert_subjects').selectAll().execute()).toEqual([])
    }),
    { numRuns: 12 },
  )
})
