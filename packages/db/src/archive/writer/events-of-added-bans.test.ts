import BetterSqlite3 from 'better-sqlite3'
import { LOCAL_HOST_ID, type StoredEvent } from '@bangui/shared'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ban, pending, log, pair, rows, seconds, unban } from '../../testing/log-lines.ts'
import { openTempDatabase } from '../../testing/temp-folder.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'
import { openArchive } from '../open-archive.ts'

const telling = (...args: Parameters<typeof rows>) => ({ ...rows(...args), emit: true })

it('events of an import and of the log come in the order of their places, whichever waits', async () => {
  const database = await openTempDatabase()
  await database.migrate()
  const opened = await openArchive({ path: database.path })
  onTestFinished(() => opened.close())
  const archive = opened.forHost(LOCAL_HOST_ID)
  const address = (first: number, index: number) => `${first}.0.${index >> 8}.${index & 255}`
  const told: StoredEvent[] = []
  const note = (events: readonly StoredEvent[] = []) => void told.push(...events)
  const importing = async () => {
    for (let page = 0; page < 3; page += 1) {
      const recorded = Array.from({ length: 1_000 }, (_, index) => ({
        bannedAt: 0,
        address: address(10 + page, index),
      }))
      note((await archive.importBans(telling(10, ...recorded))).events)
    }
  }
  const logging = async () => {
    for (let line = 0; line < 200; line += 1)
      note(await archive.ingest(log(ban(0, { address: address(20, line) }))))
  }
  await Promise.all([importing(), logging()])
  expect(told.map(({ seq }) => seq)).toEqual(Array.from({ length: 3_200 }, (_, index) => index + 1))
})

describe('a ban is told once', () => {
  it('by its record where no line tells of it, if it is in force', async () => {
    const { writer } = await openTempWriter()
    const over = { address: '192.0.2.9', bannedAt: -900 }
    const { added, events } = await writer.importBans(telling(10, { bannedAt: 0 }, over))
    expect(added).toBe(2)
    expect(events).toMatchObject([{ seq: 1, event: { ...pair, type: 'ban.added', at: seconds(0) } }])
    expect(await writer.importBans(telling(20, { bannedAt: 0 }))).not.toHaveProperty('events')
    expect(await writer.ingest(log(ban(1)))).toEqual([])
  })

  it('by its line, whatever its record says before or after', async () => {
    const { writer } = await openTempWriter()
    await writer.importBans(rows(0, { bannedAt: 0, attempts: 0 }))
    await writer.addPendingActions([pending('ban')])
    expect(await writer.ingest(log(ban(1)))).toMatchObject([
      { event: { type: 'ban.added', at: seconds(1), by: { kind: 'user', name: 'ada' } } },
    ])
    expect(await writer.importBans(telling(5, { bannedAt: 0 }))).not.toHaveProperty('events')
    expect(await writer.ingest(log(ban(1), ban(30, { restored: true })))).toEqual([])
  })

  it('by its record where only a line that restores it was seen, whichever is read first', async () => {
    for (const order of ['line first', 'record first']) {
      const { writer } = await openTempWriter()
      const line = () => writer.ingest(log(ban(200, { restored: true })))
      if (order === 'line first') expect(await line()).toEqual([])
      const { events } = await writer.importBans(telling(210, { bannedAt: 0 }))
      expect(events).toMatchObject([{ event: { ...pair, type: 'ban.added', at: seconds(0) } }])
      expect(await line()).toEqual([])
      expect(await writer.importBans(telling(220, { bannedAt: 0 }))).not.toHaveProperty('events')
    }
  })

  it('and never where it is restored and was there before anything was read', async () => {
    for (const order of ['line first', 'record first']) {
      const { writer } = await openTempWriter()
      const line = () => writer.ingest(log(ban(200, { restored: true })))
      if (order === 'line first') expect(await line()).toEqual([])
      expect(await writer.importBans(rows(210, { bannedAt: 0 }))).not.toHaveProperty('events')
      expect(await line()).toEqual([])
      expect(await writer.importBans(telling(220, { bannedAt: 0 }))).not.toHaveProperty('events')
    }
  })

  it('and again when it was ended in between', async () => {
    const { writer } = await openTempWriter()
    await writer.ingest(log(ban(0), unban(10)))
    await writer.importBans(rows(21, { bannedAt: 20 }))
    expect(await writer.ingest(log(ban(20)))).toMatchObject([{ event: { type: 'ban.added' } }])
  })

  it('where the rest of its page could not be stored, and the rest the next time', async () => {
    const { writer, path } = await openTempWriter()
    const page = telling(
      10,
      ...Array.from({ length: 5_000 }, (_, index) => ({
        bannedAt: 0,
        address: `10.0.${index >> 8}.${index & 255}`,
      })),
    )
    const disk = new BetterSqlite3(path)
    disk.exec(`create trigger full before insert on bans when (select count(*) from bans) >= 4999
      begin select raise(abort, 'the disk is full'); end`)
    const cursor = { name: 'rows', value: 'a' }
    const first = await writer.importBans({ ...page, cursor })
    expect(first).toMatchObject({ cutOff: 'the disk is full' })
    expect(await writer.getCursor('rows')).toBeNull()
    disk.exec('drop trigger full')
    disk.close()
    const rest = await writer.importBans({ ...page, cursor })
    const seqs = [...(first.events ?? []), ...(rest.events ?? [])].map(({ seq }) => seq)
    expect(seqs).toEqual(Array.from({ length: 5_000 }, (_, index) => index + 1))
    expect(await writer.getCursor('rows')).toBe('a')
  })
})
