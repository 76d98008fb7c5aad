import { HostError } from '@bangui/fail2ban'
import type { ImportBatch } from '@bangui/db'
import type { DaemonBan, Watching } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { createFakeGeo } from '../../../test/fake-geo.ts'
import { createFakeHost } from '../../../test/fake-host.ts'
import { createServiceDeps } from '../../../test/service-deps.ts'
import { DATABASE_CURSOR, importHistory } from './import-history.ts'

const row = (n: number): DaemonBan => ({
  jail: 'sshd',
  address: `45.0.0.${n}`,
  bannedAt: n * 1_000,
  duration: 600,
  times: 1,
  attempts: 3,
  lines: [`line ${n}`],
})

/** A database of nine bans, read three at a time; its cursors are how many were read. */
function setUp() {
  const asked: (string | null)[] = []
  const imported: ImportBatch[] = []
  const progress: Watching['importing'][] = []
  const learnt: string[] = []
  const host = createFakeHost({
    history: {
      readBans: async ({ cursor }) => {
        asked.push(cursor)
        const from = Number(cursor ?? 0)
        const rows = [1, 2, 3].map((n) => row(from + n)).filter(({ bannedAt }) => bannedAt <= 9_000)
        const next = from + rows.length
        return { rows, cursor: `${next}`, done: next === 9, total: cursor === null ? 9 : null }
      },
      databaseStatus: async () => ({ state: 'ok', path: '/f2b.sqlite3', message: null }),
    },
  })
  const service = createServiceDeps(host)
  const { archive, state } = service
  archive.importBans = async (batch) => {
    imported.push(batch)
    progress.push(state.get().watching.importing)
    if (batch.cursor) archive.cursors.set(batch.cursor.name, batch.cursor.value)
    return { added: batch.bans.length, confirmed: 0, known: 0 }
  }
  const geo = {
    ...createFakeGeo({ '45.0.0.1': 'DE' }),
    learn: (some: readonly string[]) => void learnt.push(...some),
  }
  return { ...service, host, deps: { ...service.deps, geo }, asked, imported, progress, learnt }
}

const addressesOf = (batches: readonly ImportBatch[]) =>
  batches.flatMap(({ bans }) => bans.map(({ address }) => Number(address.split('.')[3])))

describe('importHistory', () => {
  it('makes one of bans that are there twice, once all records are there', async () => {
    const { deps, archive, imported } = setUp()
    let importedBefore = 0
    archive.healDoubles = async () => {
      importedBefore = imported.length
      return 1
    }
    await importHistory(deps)
    expect(importedBefore).toBe(3)
  })

  it('imports everything, page by page, and reports its progress', async () => {
    const { deps, state, imported, progress, events } = setUp()
    expect(await importHistory(deps)).toBe(9)
    expect(addressesOf(imported)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(imported.map(({ cursor }) => cursor)).toEqual([
      { name: DATABASE_CURSOR, value: '3' },
      { name: DATABASE_CURSOR, value: '6' },
      { name: DATABASE_CURSOR, value: '9' },
    ])
    expect(progress).toEqual([null, { done: 3, total: 9 }, { done: 6, total: 9 }])
    expect(state.get().watching).toMatchObject({ importing: null, database: { state: 'ok' } })
    expect(events('info')).toEqual(['history_imported'])
  })

  it('goes on where the last run was cut off, and takes in nothing a second time', async () => {
    const { deps, archive, host, asked, imported, state } = setUp()
    const { importBans } = archive
    let pages = 0
    archive.importBans = async (batch) => {
      pages += 1
      if (pages === 2) throw new Error('killed')
      return importBans(batch)
    }
    await expect(importHistory(deps)).rejects.toThrow('killed')
    expect(state.get().watching.importing).toBeNull()
    await importHistory(deps)
    expect(addressesOf(imported)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    host.history.readBans = async ({ cursor }) => {
      asked.push(cursor)
      return { rows: [], cursor: cursor ?? '', done: true, total: null }
    }
    expect(await importHistory(deps)).toBe(0)
    expect(asked).toEqual([null, '3', '3', '6', '9'])
    expect(imported).toHaveLength(3)
  })

  it('gives each ban the country of its address, and has those looked up that are not known', async () => {
    const { deps, imported, learnt } = setUp()
    await importHistory(deps)
    expect(imported[0]?.bans.map(({ country }) => country)).toEqual(['DE', null, null])
    expect(learnt).toEqual([2, 3, 4, 5, 6, 7, 8, 9].map((n) => `45.0.0.${n}`))
  })

  it('ends between two pages when its signal aborts, with its cursor', async () => {
    const { deps, archive, imported } = setUp()
    const abort = new AbortController()
    const { importBans } = archive
    archive.importBans = (batch) => {
      abort.abort()
      return importBans(batch)
    }
    await importHistory(deps, abort.signal)
    expect(imported).toHaveLength(1)
    expect(archive.cursors.get(DATABASE_CURSOR)).toBe('3')
  })

  it.each(['off', 'missing', 'malformed', 'unreadable'] as const)(
    'says that a database is %s, and why, and takes what is there once it is well',
    async (state) => {
      const test = setUp()
      const { readBans } = test.host.history
      const status = { state, path: '/f2b.sqlite3', message: `It is ${state}.` }
      test.host.history.readBans = () => Promise.reject(new HostError('database_unreadable', { status }))
      expect(await importHistory(test.deps)).toBe(0)
      expect(test.state.get().watching.database).toEqual(status)
      test.host.history.readBans = readBans
      expect(await importHistory(test.deps)).toBe(9)
      expect(test.state.get().watching.database.state).toBe('ok')
    },
  )
})
