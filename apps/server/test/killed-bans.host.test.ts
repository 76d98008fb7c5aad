import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { many } from './ban-api.ts'
import { eventually } from './eventually.ts'

const COUNT = 3_000
/** fail2ban logs whole bans a moment after they were asked for, and rounds. */
const TOLERANCE_MS = 3_000

describe('a bulk ban with a custom duration that a kill -9 of BanGUI cuts off', { concurrent: true }, () => {
  it.each([1, 200, 500, 800, 1_100])(
    'after %i addresses leaves every ban with its right end and author',
    async (reached) => {
      await using day = await createBadDay({ jails: [{ name: 'app', bantime: '1h' }] })
      const { api, bangui } = await day.start()
      const from = Date.now()
      const input = { jail: 'app', addresses: many(COUNT), duration: 600, reason: 'scans' }
      const call = api.bans.ban.mutate({ ...input, operationId: 'bulk' }).catch(() => undefined)
      await eventually(async () => expect((await day.banned('app')).length).toBeGreaterThanOrEqual(reached))
      await bangui.kill('SIGKILL')
      const to = Date.now()
      await call

      const again = await day.start()
      const banned = new Set(await day.banned('app'))
      const list = async () => {
        const rows = []
        let cursor: string | null = null
        do {
          const page = await again.api.bans.list.query({ sort: 'address', limit: 500, cursor })
          rows.push(...page.rows)
          cursor = page.nextCursor
        } while (cursor !== null)
        return rows
      }
      const [first, last] = [from + 600_000 - TOLERANCE_MS, to + 600_000 + TOLERANCE_MS]
      await eventually(async () => {
        await again.reconcile()
        expect(await again.api.bans.counts.query()).toEqual([{ jail: 'app', count: banned.size }])
        const rows = await list()
        expect(new Set(rows.map(({ address }) => address))).toEqual(banned)
        const isWrong = ({ by, reason, until }: (typeof rows)[number]) =>
          by.name === null || reason !== 'scans' || until === null || until < first || until > last
        expect(rows.filter(isWrong)).toEqual([])
      })
      expect(await again.api.operations.get.query({ id: 'bulk' })).toMatchObject({
        kind: 'ban',
        total: COUNT,
        state: 'interrupted',
        resumable: true,
      })
      const { banned: more, already } = await again.api.operations.resume.mutate({ id: 'bulk' })
      expect(banned.size + more).toBe(COUNT)
      expect(already).toBe(0)
      expect(new Set(await day.banned('app')).size).toBe(COUNT)
      expect(await again.api.operations.get.query({ id: 'bulk' })).toMatchObject({
        state: 'done',
        done: COUNT,
        undoable: true,
      })
    },
  )
})
