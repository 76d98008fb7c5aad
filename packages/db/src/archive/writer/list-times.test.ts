import { expect, it } from 'vitest'
import { openTempWriter } from '../../testing/temp-writer.ts'

const start = Date.UTC(2026, 4, 1, 12)
const pair = { jail: 'sshd', address: '203.0.113.7' }
const now = start + 90_000

/** The ban of 12:01:21.772, as the database rounds it and as the list cuts it. */
const ban = {
  ...pair,
  bannedAt: start + 82_000,
  duration: 600,
  times: 1,
  attempts: 5,
  lines: [],
  country: null,
}
const record = { bans: [ban], cursor: null, now }
const listed = { address: pair.address, bannedAt: start + 81_000, duration: 600, country: null }

it.each(['record first', 'list first'])(
  'a ban that the list tells a second earlier is one: %s',
  async (order) => {
    const { writer, bans } = await openTempWriter()
    const list = () => writer.syncActive(pair.jail, [listed], { asOf: now, reason: 'unknown' })
    if (order === 'list first') await list()
    await writer.importBans(record)
    await list()
    await writer.importBans(record)
    expect(bans()).toMatchObject([{ active: 1, until: expect.any(Number), times: 1 }])
    expect(bans()).toHaveLength(1)
  },
)

it('two bans of a second each are two', async () => {
  const { writer, bans } = await openTempWriter()
  const short = (bannedAt: number) => ({ ...ban, bannedAt, duration: 1 })
  await writer.importBans({ ...record, bans: [short(start), short(start + 1_000)] })
  expect(bans()).toHaveLength(2)
})

it('a ban that the list told first has its lines and attempts from its record', async () => {
  const { writer, bans, sqlite } = await openTempWriter()
  await writer.syncActive(pair.jail, [listed], { asOf: now, reason: 'unknown' })
  const recorded = { ...record, bans: [{ ...ban, times: 3, lines: ['one', 'two'] }] }
  for (let time = 0; time < 2; time += 1)
    expect(await writer.importBans(recorded)).toEqual({ added: 0, confirmed: 0, known: 1 })
  expect(bans()).toMatchObject([{ active: 1, attempts: 5, times: 3 }])
  expect(sqlite.prepare('select line from ban_lines').pluck().all()).toEqual(['one', 'two'])
})

it('a ban that a line told and the list confirmed has them, too', async () => {
  const { writer, bans, sqlite } = await openTempWriter()
  const line = { ...pair, type: 'ban', restored: false, at: start + 82_500 } as const
  await writer.ingest({ events: [{ event: line, country: null, bantime: 600 }], cursor: null })
  await writer.syncActive(pair.jail, [listed], { asOf: now, reason: 'unknown' })
  await writer.importBans({ ...record, bans: [{ ...ban, lines: ['one'] }] })
  expect(bans()).toMatchObject([{ active: 1, attempts: 5, times: 1 }])
  expect(sqlite.prepare('select line from ban_lines').pluck().all()).toEqual(['one'])
})
