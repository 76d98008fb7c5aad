import { LOCAL_HOST_ID, type StoredEvent } from '@bangui/shared'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startChild } from '../testing/child.ts'
import { openTempDatabase } from '../testing/temp-folder.ts'
import { addTestHosts } from '../testing/test-hosts.ts'
import { listBans, openTempWriter } from '../testing/temp-writer.ts'
import { openArchive } from './open-archive.ts'

const start = Date.UTC(2026, 4, 1)
const ban = (address: string, at = start) => ({
  event: { type: 'ban', restored: false, jail: 'sshd', address, at } as const,
  country: 'DE',
  bantime: 600,
})

async function openTempArchive() {
  const database = await openTempDatabase()
  await database.migrate()
  const opened = await openArchive({ path: database.path })
  onTestFinished(() => opened.close())
  return { ...database, archive: opened.forHost(LOCAL_HOST_ID), close: opened.close }
}

describe('openArchive', () => {
  it('reads at once what was written', async () => {
    const { archive } = await openTempArchive()
    const [stored] = await archive.ingest({ events: [ban('203.0.113.7')], cursor: null })
    expect(await archive.lastSeq()).toBe(stored?.seq)
    expect(await archive.countActive()).toEqual(new Map([['sshd', 1]]))
  })

  it('takes in what it was given before it closes, and can be closed twice', async () => {
    const { path, archive, close } = await openTempArchive()
    const pending = archive.ingest({ events: [ban('203.0.113.7')], cursor: null })
    await close()
    await close()
    expect(await pending).toHaveLength(1)
    await expect(archive.lastSeq()).rejects.toThrow('closed')
    const again = await openArchive({ path })
    expect(await again.forHost(LOCAL_HOST_ID).lastSeq()).toBe(1)
    await again.close()
  })

  it('says which database cannot be used', async () => {
    const { path } = await openTempDatabase()
    await expect(openArchive({ path })).rejects.toThrow('is not a database of BanGUI')
  })

  it('gives events in the order of their seq, also while a long correction runs', async () => {
    const { archive } = await openTempArchive()
    const bans = Array.from({ length: 10_000 }, (_, index) => ({
      address: `10.1.${index >> 8}.${index & 255}`,
      bannedAt: start,
      duration: 600,
      country: null,
    }))
    const told: number[] = []
    const tell = (stored: readonly { readonly seq: number }[]) => {
      for (const { seq } of stored) told.push(seq)
    }
    const correction = archive
      .syncActive('sshd', bans, { asOf: start, reason: 'unknown' })
      .then(({ events }) => tell(events))
    await archive.getCursor('log')
    const line = archive.ingest({ events: [ban('203.0.113.7', start + 1)], cursor: null }).then(tell)
    await Promise.all([correction, line])
    expect(told).toHaveLength(10_001)
    expect(told).toEqual(told.toSorted((one, other) => one - other))
  })

  it('lets the log of another host in while a long correction runs, and keeps the order of all events', async () => {
    const { path, close } = await openTempArchive()
    await close()
    const sqlite = new BetterSqlite3(path)
    addTestHosts(sqlite, [2])
    sqlite.close()
    const opened = await openArchive({ path })
    onTestFinished(() => opened.close())
    const heard = new Set<number>()
    const hear = (stored: readonly StoredEvent[]) => {
      for (const { seq } of stored) heard.add(seq)
    }
    const [busy, other] = [opened.forHost(LOCAL_HOST_ID, hear), opened.forHost(2, hear)]
    const bans = Array.from({ length: 4_000 }, (_, index) => ({
      address: `10.1.${index >> 8}.${index & 255}`,
      bannedAt: start,
      duration: 600,
      country: null,
    }))
    const order: string[] = []
    const correction = busy
      .syncActive('sshd', bans, { asOf: start, reason: 'unknown' })
      .then(({ events }) => {
        hear(events)
        order.push('correction')
      })
    // the call has begun
    await busy.getCursor('log')
    hear(await other.ingest({ events: [ban('203.0.113.7', start + 1)], cursor: null }))
    order.push('log')
    await correction
    expect(order).toEqual(['log', 'correction'])
    expect(heard.size).toBe(4_001)
    // a set has its items in the order in which they were first added
    expect([...heard]).toEqual([...heard].toSorted((one, two) => one - two))
  })

  it('lets the log in while a long import runs', async () => {
    const { archive } = await openTempArchive()
    const row = { jail: 'sshd', duration: 600, times: 1, attempts: 1, lines: [], country: null }
    const bans = Array.from({ length: 20_000 }, (_, index) => ({
      ...row,
      address: `10.0.${index >> 8}.${index & 255}`,
      bannedAt: start + index * 1000,
    }))
    const order: string[] = []
    const importing = archive.importBans({ bans, cursor: null, now: start }).then(() => order.push('rows'))
    await archive.ingest({ events: [ban('203.0.113.7')], cursor: null }).then(() => order.push('log'))
    await importing
    expect(order).toEqual(['log', 'rows'])
  })
})

describe('killing the process while it takes in log and rows', () => {
  it('loses no ban and doubles none', async () => {
    const { path, sqlite } = await openTempWriter()
    const total = 4000
    const run = () => startChild('ingest', path, String(total))
    const count = () => Number(sqlite.prepare('select count(*) from bans').pluck().get())
    let kills = 0
    for (let wanted = 300; wanted < total; wanted += 400) {
      const child = run()
      expect(await child.next()).toBe('started')
      await expect.poll(count, { interval: 1 }).toBeGreaterThan(wanted)
      await child.kill()
      kills++
    }
    const last = run()
    await last.next()
    expect(await last.next()).toBe('done')
    expect(kills).toBe(10)
    const bans = listBans(sqlite)
    expect(bans).toHaveLength(total)
    expect(bans.every(({ confirmed, logged_at, at }) => confirmed === 1 && logged_at === at + 900)).toBe(true)
    expect(sqlite.prepare('select sum(bans) from jail_hours').pluck().get()).toBe(total)
    expect(sqlite.prepare('select sum(bans) from country_days').pluck().get()).toBe(total)
    expect(sqlite.prepare('select count(*) from ban_lines').pluck().get()).toBe(total)
  })
})
