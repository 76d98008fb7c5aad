import { addressKey } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { addTestHosts } from '../../testing/test-hosts.ts'
import { banPatterns } from './ban-patterns.ts'
import { withScope } from './reading.ts'
import { createTestArchive, type TestBan } from './test-archive.ts'

const MINUTE = 60_000
const start = Date.UTC(2026, 0, 10)
const all = { parts: ['returns', 'repeats', 'failures'], bansFrom: start, failuresFrom: start } as const

/** Bans of one address in one jail at these minutes, each of 10 minutes. */
const bansAt = (minutes: readonly number[], over: Partial<TestBan> = {}): TestBan[] =>
  minutes.map((minute) => ({ address: '45.1.1.1', at: start + minute * MINUTE, duration: 600, ...over }))

async function archiveWith(bans: readonly TestBan[]) {
  const archive = await createTestArchive(bans)
  const { sqlite } = archive.reading
  const insert = sqlite.prepare(
    `insert into events (host_id, at, type, jail, address, data) values (?, ?, 'failure.found', ?, ?, '{}')`,
  )
  const fail = (jail: string, address: string, { count = 1, at = start, host = 1 } = {}) => {
    sqlite.prepare('insert or ignore into archive_jails (host_id, name) values (?, ?)').run(host, jail)
    for (let index = 0; index < count; index++) insert.run(host, at, jail, addressKey(address))
  }
  return { ...archive, fail }
}

describe('banPatterns', () => {
  it('counts the bans whose address came back within the length of the ban after its end', async () => {
    // the second one begins 5 minutes after the end of the first, the third an hour later
    const { reading } = await archiveWith([
      ...bansAt([0, 15, 90]),
      ...bansAt([30, 45], { jail: 'web', address: '45.1.1.2', active: true }),
      ...bansAt([-20, -5], { address: '45.1.1.3' }),
    ])
    expect(banPatterns(reading, all).returns).toEqual([{ jail: 'sshd', ended: 3, returned: 1 }])
  })

  it('lists the addresses that a jail banned at least three times, with the times in order', async () => {
    const { reading } = await archiveWith([
      ...bansAt([40, 0, 20]),
      ...bansAt([0, 20], { address: '45.1.1.2' }),
      ...bansAt([0], { address: '45.1.1.2', jail: 'web' }),
    ])
    expect(banPatterns(reading, all).repeats).toEqual([
      { jail: 'sshd', address: '45.1.1.1', at: [0, 20, 40].map((minute) => start + minute * MINUTE) },
    ])
  })

  it('counts failures by jail and address, the most first, and says which of them were banned', async () => {
    const { reading, fail } = await archiveWith(bansAt([5]))
    fail('sshd', '45.1.1.1', { count: 2 })
    fail('sshd', '45.1.1.2', { count: 3 })
    fail('web', '45.1.1.1')
    fail('web', '45.1.1.9', { at: start - 1 })
    fail('recidive', '45.1.1.1', { count: 9 })
    reading.sqlite.exec(`update archive_jails set reads_own_log = 1 where name = 'recidive'`)
    expect(banPatterns(reading, all).failures).toEqual([
      { jail: 'sshd', address: '45.1.1.2', failures: 3, banned: false },
      { jail: 'sshd', address: '45.1.1.1', failures: 2, banned: true },
      { jail: 'web', address: '45.1.1.1', failures: 1, banned: false },
    ])
  })

  it('reads only the parts that are asked for', async () => {
    const { reading } = await archiveWith(bansAt([0, 15, 30]))
    expect(banPatterns(reading, { ...all, parts: ['repeats'] })).toEqual({
      returns: null,
      repeats: [expect.objectContaining({ address: '45.1.1.1' })],
      failures: null,
    })
  })

  it('of one host has nothing of another', async () => {
    const { reading, addBans, fail } = await archiveWith([])
    addTestHosts(reading.sqlite, [2])
    addBans(bansAt([0, 15, 30], { host: 2 }))
    fail('sshd', '45.1.1.1', { host: 2 })
    expect(banPatterns(withScope(reading, [1]), all)).toEqual({ returns: [], repeats: [], failures: [] })
    const other = banPatterns(withScope(reading, [2]), all)
    expect(other.returns).toEqual([{ jail: 'sshd', ended: 3, returned: 2 }])
    expect(other.repeats).toHaveLength(1)
    expect(other.failures).toEqual([{ jail: 'sshd', address: '45.1.1.1', failures: 1, banned: true }])
  })
})
