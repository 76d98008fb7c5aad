import type { PrivateDaemon } from '@bangui/fail2ban'
import { describe, expect, it } from 'vitest'
import { chmod, chown, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createBadDay } from './bad-day.ts'
import { many } from './ban-api.ts'
import { eventually } from './eventually.ts'

const NOBODY = 65_534
const isRoot = process.getuid?.() === 0

/** Kills the daemon so that its database does not have some bans: what a power cut does. */
async function crashWithout(daemon: PrivateDaemon, addresses: readonly string[]): Promise<void> {
  await daemon.kill('SIGKILL')
  const database = new DatabaseSync(daemon.dbfile)
  for (const table of ['bans', 'bips']) {
    const remove = database.prepare(`DELETE FROM ${table} WHERE ip = ?`)
    for (const address of addresses) remove.run(address)
  }
  database.close()
  await daemon.start()
}

/** Whether BanGUI has compared the bans with this life of the daemon. */
function hasComparedBans({ folder }: PrivateDaemon): boolean {
  const database = new DatabaseSync(join(folder, 'bangui', 'bangui.db'), { readOnly: true })
  const rows = database.prepare('SELECT 1 FROM runtime_state WHERE compared_daemon IS NOT NULL').all()
  database.close()
  return rows.length === 1
}

describe('a crash of the daemon that lost bans', { concurrent: true }, () => {
  it('is shown with their number; one click bans them again, and it is shown no more', async () => {
    await using at = await createBadDay()
    const { api, runtime, inForce } = await at.start()
    await at.ban('app', '45.1.1.1', '45.2.2.2')
    await at.ban('web', '45.3.3.3')
    await eventually(async () => expect(await inForce()).toHaveLength(3))
    await crashWithout(at.daemon, ['45.2.2.2', '45.3.3.3'])
    await eventually(() => expect(runtime()?.lostBans).toMatchObject({ count: 2 }))
    expect(await api.bans.lost.query()).toMatchObject({
      count: 2,
      jails: expect.arrayContaining([
        { jail: 'app', count: 1 },
        { jail: 'web', count: 1 },
      ]),
    })
    expect(await inForce()).toEqual(['45.1.1.1'])
    expect(await api.bans.banLost.mutate()).toMatchObject({ banned: 2, already: 0, refused: [] })
    expect((await at.banned('app')).toSorted()).toEqual(['45.1.1.1', '45.2.2.2'])
    expect(await at.banned('web')).toEqual(['45.3.3.3'])
    await eventually(() => expect(runtime()?.lostBans).toBeNull())
    await eventually(async () => expect(await inForce()).toHaveLength(3))
    const { rows } = await api.history.list.query({ search: '45.2.2.2' })
    expect(rows).toMatchObject([
      { active: true, by: { kind: 'user' } },
      { active: false, endReason: 'lost' },
    ])
  })

  it('is shown also after a restart of BanGUI, until somebody dismisses it', async () => {
    await using at = await createBadDay()
    const first = await at.start()
    await at.ban('app', '45.1.1.1', '45.2.2.2')
    await eventually(async () => expect(await first.inForce()).toHaveLength(2))
    await crashWithout(at.daemon, ['45.2.2.2'])
    await eventually(() => expect(first.runtime()?.lostBans).toMatchObject({ count: 1 }))
    await first.bangui.kill('SIGKILL')
    const { api, runtime } = await at.start()
    await eventually(() => expect(runtime()?.lostBans).toMatchObject({ count: 1 }))
    await api.bans.dismissLost.mutate()
    await eventually(() => expect(runtime()?.lostBans).toBeNull())
    expect(await api.bans.lost.query()).toBeNull()
    expect(await at.banned('app')).toEqual(['45.1.1.1'])
  })
})

it('a power cut that lost bans is shown at the next start', async () => {
  await using at = await createBadDay()
  const first = await at.start()
  await at.ban('app', '45.1.1.1', '45.2.2.2', '45.3.3.3')
  await eventually(async () => expect(await first.inForce()).toHaveLength(3))
  await eventually(() => expect(hasComparedBans(at.daemon)).toBe(true))
  await at.daemon.ask('set', 'app', 'unbanip', '45.3.3.3')
  await first.bangui.kill('SIGKILL')
  await crashWithout(at.daemon, ['45.2.2.2'])
  const { runtime, inForce } = await at.start()
  await eventually(() => expect(runtime()?.lostBans).toMatchObject({ count: 1 }))
  expect(await inForce()).toEqual(['45.1.1.1'])
})

describe('a fail2ban that is set up another way', { concurrent: true }, () => {
  it('without a database has its bans from the log, and those that a restart forgets are lost', async () => {
    await using at = await createBadDay({ settings: ['dbfile = None'] })
    const { api, runtime, inForce } = await at.start()
    await eventually(() =>
      expect(runtime()?.watching.database).toMatchObject({ state: 'off', message: expect.any(String) }),
    )
    await at.ban('app', '45.1.1.1', '45.2.2.2')
    await eventually(async () => expect((await inForce()).toSorted()).toEqual(['45.1.1.1', '45.2.2.2']))
    const { rows } = await api.history.list.query({})
    expect(rows).toMatchObject([{ duration: 3_600 }, { duration: 3_600 }])
    await at.daemon.stop()
    await at.daemon.start()
    await eventually(() => expect(runtime()?.lostBans).toMatchObject({ count: 2 }))
    expect(await inForce()).toEqual([])
    expect(await api.bans.banLost.mutate()).toMatchObject({ banned: 2 })
    expect((await at.banned('app')).toSorted()).toEqual(['45.1.1.1', '45.2.2.2'])
  })
})

describe('a log', { concurrent: true }, () => {
  it('that is missing is reported; its bans are found all the same, and once it exists it is followed', async () => {
    await using at = await createBadDay()
    await rm(at.daemon.logfile)
    const { api, runtime, inForce, reconcile } = await at.start()
    await eventually(() =>
      expect(runtime()?.watching.events).toMatchObject({
        state: 'missing',
        path: at.daemon.logfile,
        message: expect.stringContaining(at.daemon.logfile),
      }),
    )
    await at.ban('app', '45.1.1.1')
    await eventually(async () => {
      await reconcile()
      expect(await inForce()).toEqual(['45.1.1.1'])
    })
    await at.daemon.ask('flushlogs')
    await eventually(() => expect(runtime()?.watching.events).toMatchObject({ state: 'following' }))
    await at.ban('web', '45.2.2.2')
    await eventually(async () => expect(await inForce()).toHaveLength(2))
    expect((await api.history.list.query({})).rows).toHaveLength(2)
  })

  it.runIf(isRoot)('that BanGUI may not read is told, and followed as soon as it may', async () => {
    await using at = await createBadDay()
    const { folder, logfile, socketPath } = at.daemon
    await chmod(folder, 0o711)
    await chmod(socketPath, 0o666)
    await chmod(logfile, 0o600)
    const dataDir = join(folder, 'bangui')
    await mkdir(dataDir, { mode: 0o700 })
    await chown(dataDir, NOBODY, NOBODY)
    const { runtime, inForce } = await at.start({ uid: NOBODY })
    await eventually(() =>
      expect(runtime()?.watching.events).toMatchObject({
        state: 'unreadable',
        message: expect.stringContaining(logfile),
      }),
    )
    await at.ban('app', '45.1.1.1')
    await chmod(logfile, 0o644)
    await eventually(() => expect(runtime()?.watching.events).toMatchObject({ state: 'following' }))
    await eventually(async () => expect(await inForce()).toEqual(['45.1.1.1']))
  })
})

describe('manual bans on a bad day', { concurrent: true }, () => {
  it('while the daemon restarts end in what the daemon has, none twice', async () => {
    await using at = await createBadDay()
    const { api, reconcile } = await at.start()
    const addresses = many(300)
    const [told] = await Promise.all([
      api.bans.ban.mutate({ jail: 'app', addresses }).catch((error: unknown) => error),
      at.daemon.client('restart'),
    ])
    expect(told).toBeDefined()
    await eventually(async () => {
      const again = await api.bans.ban.mutate({ jail: 'app', addresses })
      expect(again.banned + again.already).toBe(300)
    })
    expect(await at.banned('app')).toHaveLength(300)
    await eventually(async () => {
      await reconcile()
      expect(await api.bans.counts.query()).toEqual([{ jail: 'app', count: 300 }])
    })
    const page = await api.history.list.query({ limit: 500 })
    const active = page.rows.filter((row) => row.active).map((row) => row.address)
    expect(new Set(active).size).toBe(active.length)
    expect(active.length).toBe(300)
  })

  it('by two people at once are one ban, and its end is one end', async () => {
    await using at = await createBadDay()
    const { api, inForce } = await at.start()
    const input = { jail: 'app', addresses: ['45.1.1.1'] }
    await Promise.all([api.bans.ban.mutate(input), api.bans.ban.mutate(input)])
    await eventually(async () => expect(await inForce()).toEqual(['45.1.1.1']))
    expect((await api.history.list.query({})).rows).toHaveLength(1)
    const ends = await Promise.all([api.bans.unban.mutate(input), api.bans.unban.mutate(input)])
    expect(ends).toHaveLength(2)
    expect(ends).toContainEqual({ unbanned: 1, absent: 0 })
    expect(ends).toContainEqual({ unbanned: 0, absent: 1 })
    await eventually(async () => expect(await inForce()).toEqual([]))
    expect((await api.history.list.query({})).rows).toMatchObject([{ active: false, endReason: 'unbanned' }])
  })

  it('that last longer than the jail’s own end at their own time in a jail of their own', async () => {
    await using at = await createBadDay()
    const { api } = await at.start()
    const input = { jail: 'app', addresses: ['45.1.1.1'], duration: '2h' }
    await expect(api.bans.ban.mutate(input)).rejects.toMatchObject({
      data: { reason: 'manual_jail_missing' },
    })
    await api.bans.setUpManualJail.mutate()
    const before = Date.now()
    expect(await api.bans.ban.mutate(input)).toMatchObject({ banned: 1, jail: 'bangui' })
    const row = await eventually(async () => {
      const [found] = (await api.bans.list.query({})).rows
      expect(found).toMatchObject({ address: '45.1.1.1', jail: 'bangui', by: { kind: 'user' } })
      return found
    })
    expect(row?.until).toBeGreaterThan(before + 7_190_000)
    expect(row?.until).toBeLessThan(Date.now() + 7_210_000)
  })
})
