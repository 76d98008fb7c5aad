import { type DaemonBanPage, HostError, type JailBan } from '@bangui/fail2ban'
import type { ActiveBan, HostArchive } from '@bangui/db'
import type { DaemonBan, StoredEvent } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { createFakeGeo } from '../../../test/fake-geo.ts'
import { createFakeHost } from '../../../test/fake-host.ts'
import { createServiceDeps } from '../../../test/service-deps.ts'
import { createReconcileBackoff } from './reconcile-backoff.ts'
import { reconcile } from './reconcile.ts'

const ban = (address: string, jail = 'sshd'): DaemonBan => ({
  jail,
  address,
  bannedAt: 1_000,
  duration: 600,
  times: 1,
  attempts: 3,
  lines: [],
})

const page = (rows: readonly DaemonBan[]): DaemonBanPage => ({
  rows,
  cursor: 'c',
  done: true,
  total: rows.length,
})

interface World {
  readonly counts: Record<string, number>
  readonly known: Record<string, number>
  readonly bips?: readonly DaemonBan[]
  readonly listed?: readonly JailBan[]
}

/** A daemon that counts, and an archive that knows; what the archive was told to hold is kept in `synced`. */
async function setUp(world: World) {
  const { bips, listed = [] } = world
  const synced: [string, readonly ActiveBan[], string][] = []
  const asked: string[] = []
  const off = new HostError('database_unreadable', {
    status: { state: 'off', path: null, message: 'There is none.' },
  })
  const host = createFakeHost({
    bans: {
      count: async () => Object.entries(world.counts),
      list: async (jail) => {
        asked.push(jail)
        return listed
      },
    },
    history: {
      readBans: async () => (bips ? page([]) : Promise.reject(off)),
      readActiveBans: async () => (bips ? page(bips) : Promise.reject(off)),
      databaseStatus: async () => ({ state: 'ok', path: '/f2b.sqlite3', message: null }),
    },
  })
  const service = createServiceDeps(host)
  const verbs: Partial<HostArchive> = {
    countActive: async () => new Map(Object.entries(world.known)),
    importBans: async () => ({ added: 0, confirmed: 0, known: 0 }),
    syncActive: async (jail, bans, { reason }) => {
      synced.push([jail, bans, reason])
      return { events: [], corrected: 0, unsure: 0 }
    },
  }
  Object.assign(service.archive, verbs)
  await service.state.update((state) => ({
    ...state,
    serverStatus: { ...state.serverStatus, online: true, responding: true },
  }))
  return { deps: { ...service.deps, geo: createFakeGeo() }, synced, asked, state: service.state }
}

describe('reconcile', () => {
  it('asks for no list while the counts agree', async () => {
    const { deps, synced, asked } = await setUp({ counts: { sshd: 2 }, known: { sshd: 2 }, bips: [] })
    await reconcile(deps)
    expect([synced, asked]).toEqual([[], []])
  })

  it("corrects a jail with very many bans from fail2ban's own database where that agrees with the count", async () => {
    const bips = Array.from({ length: 5_001 }, (_, index) => ban(`10.0.${index >> 8}.${index & 255}`))
    const counts = { sshd: bips.length, web: 1 }
    const known = { sshd: 1, web: 1 }
    const { deps, synced, asked } = await setUp({ counts, known, bips: [...bips, ban('192.0.2.3', 'web')] })
    await reconcile(deps)
    expect(asked).toEqual([])
    expect(synced.map(([jail, bans]) => [jail, bans.length])).toEqual([['sshd', 5_001]])
    const other = await setUp({ counts, known, bips: bips.slice(1) })
    await reconcile(other.deps)
    expect(other.asked).toEqual(['sshd'])
  })

  it('asks the daemon, whose list is right where its database is not', async () => {
    const listed = [{ address: '192.0.2.9', bannedAt: 1_000, duration: 600, until: 601_000 }]
    const { deps, synced, asked } = await setUp({
      counts: { sshd: 1 },
      known: { sshd: 0 },
      bips: [],
      listed,
    })
    await reconcile(deps)
    expect(asked).toEqual(['sshd'])
    expect(synced).toMatchObject([['sshd', [{ address: '192.0.2.9' }], 'unknown']])
  })

  it('asks the daemon where there is no database, and says so', async () => {
    const { deps, asked, state } = await setUp({ counts: { sshd: 1 }, known: {} })
    await reconcile(deps)
    expect(asked).toEqual(['sshd'])
    expect(state.get().watching.database).toMatchObject({ state: 'off', message: 'There is none.' })
  })

  it('empties a jail that the daemon does not have: it has stopped', async () => {
    const { deps, synced } = await setUp({ counts: {}, known: { gone: 3 }, bips: [] })
    await reconcile(deps)
    expect(synced).toEqual([['gone', [], 'jail_stopped']])
  })

  it('compares again where missing bans may only not be logged yet', async () => {
    const { deps, asked } = await setUp({ counts: { sshd: 1 }, known: { sshd: 2 } })
    let looks = 0
    deps.archive.syncActive = async () => {
      looks += 1
      return { events: [], corrected: 0, unsure: looks === 1 ? 1 : 0 }
    }
    await reconcile(deps)
    expect(asked).toEqual(['sshd', 'sshd'])
  })

  it('leaves everything as it is while BanGUI itself makes the daemon work', async () => {
    const { deps, synced, state } = await setUp({ counts: { sshd: 1 }, known: {}, bips: [] })
    await state.update((current) => ({
      ...current,
      serverStatus: { ...current.serverStatus, activity: 'stopping' },
    }))
    await reconcile(deps)
    expect(synced).toEqual([])
  })

  it('emits and returns its corrections of the time before the daemon went offline', async () => {
    const { deps } = await setUp({ counts: { sshd: 0, web: 1 }, known: { sshd: 1 } })
    const ended = {
      seq: 1,
      event: { type: 'ban.removed', at: 1, jail: 'sshd', address: '192.0.2.1', reason: 'lost' },
    } as const
    deps.archive.syncActive = async () => ({ events: [ended], corrected: 1, unsure: 0 })
    deps.host.bans.list = () =>
      Promise.reject(new HostError('daemon_unavailable', { reason: 'refused', message: 'Nobody listens.' }))
    const [told, corrected]: [StoredEvent[], StoredEvent[]] = [[], []]
    deps.events.listen((batch) => told.push(...batch))
    await reconcile(deps, { onCorrected: async (events) => void corrected.push(...events) })
    expect([told, corrected]).toEqual([[ended], [ended]])
  })

  it('takes no missing ban for ended once the daemon went while it was asked', async () => {
    const { deps, synced } = await setUp({ counts: { sshd: 1 }, known: { sshd: 2 } })
    let went = false
    deps.host.bans.list = async () => {
      went = true
      return []
    }
    await reconcile(deps, { mayCorrect: () => !went })
    expect(synced).toEqual([])
  })

  it('lists a jail again only after an hour where listing it changed nothing, or once it differs otherwise', async () => {
    const service = createServiceDeps()
    const world = { counts: { sshd: 3 }, known: { sshd: 2 } }
    const { deps, asked } = await setUp(world)
    const clock = () => service.time.now
    const minute = async (more = 60_000) => {
      service.time.now += more
      await reconcile({ ...deps, clock }, { backoff })
      return asked.splice(0).length
    }
    const backoff = createReconcileBackoff()
    expect([await minute(), await minute(), await minute()]).toEqual([1, 0, 0])
    // bans come and go, and the difference stays
    Object.assign(world, { counts: { sshd: 13 }, known: { sshd: 12 } })
    expect(await minute()).toBe(0)
    world.counts.sshd += 1
    expect([await minute(), await minute()]).toEqual([1, 0])
    expect([await minute(3_600_000), await minute()]).toEqual([1, 0])
    world.known.sshd += 2
    expect(await minute()).toBe(0)
    world.known.sshd -= 2
    expect(await minute()).toBe(1)
  })

  it('goes on correcting a jail of which each correction changes something', async () => {
    const { deps, asked } = await setUp({ counts: { sshd: 3 }, known: { sshd: 2 } })
    const event = {
      type: 'ban.removed',
      at: 1,
      jail: 'sshd',
      address: '192.0.2.1',
      reason: 'unknown',
    } as const
    deps.archive.syncActive = async () => ({ events: [{ seq: 1, event }], corrected: 1, unsure: 0 })
    const backoff = createReconcileBackoff()
    for (let time = 0; time < 3; time += 1) await reconcile(deps, { backoff })
    expect(asked).toHaveLength(3)
  })

  it('reads on when fail2ban had its database locked for a moment, and gives up when it stays so', async () => {
    const { deps, state } = await setUp({ counts: {}, known: {}, bips: [] })
    const locked = new HostError('database_unreadable', {
      status: { state: 'locked', path: '/f', message: 'It is locked.' },
    })
    let tries = 0
    deps.host.history.readBans = async () => {
      tries += 1
      if (tries < 3) throw locked
      return page([ban('192.0.2.1')])
    }
    await reconcile(deps)
    expect(state.get().watching.database.state).toBe('ok')
    deps.host.history.readBans = () => Promise.reject(locked)
    await reconcile(deps)
    expect(state.get().watching.database.state).toBe('locked')
  })
})
