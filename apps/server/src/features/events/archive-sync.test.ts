import { unknownStatus, type ServerStatus } from '@bangui/shared'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createFakeGeo } from '../../../test/fake-geo.ts'
import { createFakeHost } from '../../../test/fake-host.ts'
import { createServiceDeps } from '../../../test/service-deps.ts'
import { createArchiveSync } from './archive-sync.ts'

const lostBan = {
  type: 'ban.removed',
  at: 1,
  jail: 'sshd',
  address: '192.0.2.1',
  reason: 'lost',
} as const

/** A daemon with the counts that a test sets, an archive that knows two bans, and what was synced with which reason. */
async function setUp() {
  const counts = { sshd: 2 }
  const host = createFakeHost({
    events: {
      async *follow({ signal }) {
        yield* []
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      },
    },
    bans: {
      count: async () => Object.entries(counts),
      list: async () => [],
    },
    history: {
      readBans: async () => ({ rows: [], cursor: 'c', done: true, total: 0 }),
      readActiveBans: async () => ({ rows: [], cursor: 'c', done: true, total: 0 }),
      databaseStatus: async () => ({ state: 'ok', path: null, message: null }),
    },
  })
  const service = createServiceDeps(host)
  const { archive, state } = service
  const synced: string[] = []
  archive.countActive = async () => new Map([['sshd', 2]])
  archive.importBans = async () => ({ added: 0, confirmed: 0, known: 0 })
  archive.syncActive = async (_jail, _bans, { reason }) => {
    synced.push(reason)
    return { events: archive.store({ ...lostBan, reason }), corrected: 1, unsure: 0 }
  }
  const archiveSync = createArchiveSync({ ...service.deps, geo: createFakeGeo() }, { settling: 1 })
  onTestFinished(() => archiveSync.stop())
  const see = (online: boolean, onlineSince: number | null) => {
    const serverStatus: ServerStatus = { ...unknownStatus, online, responding: online, checkedAt: 1 }
    return state.update((current) => ({ ...current, serverStatus, onlineSince }))
  }
  const changes = () =>
    archive.stored.flatMap(({ event }) => (event.type === 'daemon.changed' ? [event.online] : []))
  await see(true, 1)
  archiveSync.start()
  await archiveSync.reconcile()
  return { ...service, counts, synced, archiveSync, see, changes }
}

describe('a daemon that comes back', () => {
  it('has lost the bans that it does not have any more', async () => {
    const { counts, synced, see, state, changes } = await setUp()
    await see(false, null)
    await vi.waitFor(() => expect(changes()).toEqual([false]))
    counts.sshd = 0
    await see(true, 2)
    await vi.waitFor(() => expect(state.get().lostBans?.count).toBe(1))
    expect(synced).toEqual(['lost'])
    expect(changes()).toEqual([false, true])
  })

  it('has lost them also where the first comparison fails', async () => {
    const { counts, synced, see, state, archive, changes } = await setUp()
    await see(false, null)
    await vi.waitFor(() => expect(changes()).toEqual([false]))
    counts.sshd = 0
    const { syncActive } = archive
    archive.syncActive = () => {
      archive.syncActive = syncActive
      return Promise.reject(new Error('the disk is full'))
    }
    await see(true, 2)
    await vi.waitFor(() => expect(state.get().lostBans?.count).toBe(1))
    expect(synced).toEqual(['lost'])
  })

  it('is seen when a supervisor replaced it within a moment', async () => {
    const { counts, see, state, changes } = await setUp()
    counts.sshd = 0
    void see(false, null)
    await see(true, 2)
    await vi.waitFor(() => expect(state.get().lostBans?.count).toBe(1))
    expect(changes()).toEqual([false, true])
  })

  it('is seen as another process where it was never seen offline', async () => {
    const { counts, state, archive } = await setUp()
    await state.update((current) => ({ ...current, daemonInstance: { id: 'second', pid: 20 } }))
    counts.sshd = 0
    await vi.waitFor(() => expect(state.get().lostBans?.count).toBe(1))
    expect(archive.stored).toMatchObject([
      { event: { online: true, pid: 20 } },
      { event: { reason: 'lost' } },
    ])
  })

  it('is named by its process when it goes offline: the log may have shown the next one already', async () => {
    const { state, see, archive } = await setUp()
    await state.update((current) => ({ ...current, daemonInstance: { id: 'first', pid: 10 } }))
    await vi.waitFor(() => expect(archive.stored).toHaveLength(1))
    await see(false, null)
    await vi.waitFor(() => expect(archive.stored).toHaveLength(2))
    expect(archive.stored.at(-1)).toMatchObject({ event: { online: false, pid: 10 } })
  })

  it('is given time to restore its bans: none of them is taken for ended meanwhile', async () => {
    const { counts, synced, see, state, archiveSync, host } = await setUp()
    let looks = 0
    host.bans.count = async () => {
      looks += 1
      return [['sshd', Math.min(looks, 2)]]
    }
    await see(false, null)
    counts.sshd = 0
    await see(true, 2)
    await archiveSync.reconcile()
    await vi.waitFor(() => expect(looks).toBeGreaterThan(3))
    expect([synced, state.get().lostBans]).toEqual([[], null])
  })

  it('is noticed also after a change that could not be stored', async () => {
    const { counts, see, state, archive } = await setUp()
    const addEvent = archive.addEvent.bind(archive)
    archive.addEvent = () => Promise.reject(new Error('the disk is full'))
    await see(false, null)
    await vi.waitFor(() => expect(state.get().serverStatus.online).toBe(false))
    counts.sshd = 0
    await see(true, 2)
    archive.addEvent = addEvent
    await vi.waitFor(() => expect(state.get().lostBans?.count).toBe(1))
  })
})

describe('a daemon that was offline while BanGUI did not run', () => {
  /** BanGUI starts, and finds fewer bans than it knows. */
  async function startAnew(lifeBefore: string | null, logState: 'following' | 'missing') {
    const world = await setUp()
    await world.archiveSync.stop()
    const { comparison, state, counts, synced } = world
    await comparison.save({ comparedDaemon: lifeBefore })
    await state.update((current) => ({
      ...current,
      daemonInstance: { id: 'this one', pid: null },
      watching: { ...current.watching, events: { ...current.watching.events, state: logState } },
    }))
    counts.sshd = 0
    synced.length = 0
    const archiveSync = createArchiveSync({ ...world.deps, geo: createFakeGeo() }, { settling: 1 })
    onTestFinished(() => archiveSync.stop())
    archiveSync.start()
    await vi.waitFor(() => expect(synced).toHaveLength(1))
    await vi.waitFor(() => expect(comparison.current.comparedDaemon).toBe('this one'))
    return { reason: synced[0], lost: state.get().lostBans?.count }
  }

  const other = 'the one before'
  it.each([
    { is: 'another one, whose log tells what else happened', before: other, log: 'following', lost: 1 },
    { is: 'another one without its log', before: other, log: 'missing', lost: undefined },
    { is: 'the same', before: 'this one', log: 'following', lost: undefined },
    { is: 'the first that was ever seen', before: null, log: 'following', lost: undefined },
  ] as const)('has lost $lost of the bans that it does not have any more if it is $is', async (world) => {
    const { before, log, lost } = world
    expect(await startAnew(before, log)).toEqual({ reason: lost ? 'lost' : 'unknown', lost })
  })

  it('has its lost bans recorded where BanGUI was interrupted in the middle of the comparison', async () => {
    const { archiveSync, deps, archive, comparison, state } = await setUp()
    await archiveSync.stop()
    archive.store({ ...lostBan, address: '192.0.2.8' })
    await comparison.save({ begunAtSeq: await archive.lastSeq() })
    archive.store({ ...lostBan, address: '192.0.2.9' })
    const again = createArchiveSync({ ...deps, geo: createFakeGeo() }, { settling: 1 })
    onTestFinished(() => again.stop())
    again.start()
    await vi.waitFor(() => expect(state.get().lostBans?.count).toBe(1))
    expect(await archive.listLostBans()).toEqual([{ jail: 'sshd', address: '192.0.2.9' }])
    await vi.waitFor(() => expect(comparison.current.begunAtSeq).toBeNull())
  })

  it('is not compared while its log is still read', async () => {
    const { archiveSync, synced, counts, state } = await setUp()
    await vi.waitFor(() => expect(state.get().serverStatus.online).toBe(true))
    await state.update((current) => ({
      ...current,
      watching: { ...current.watching, events: { ...current.watching.events, state: 'catching_up' } },
    }))
    counts.sshd = 0
    await archiveSync.reconcile()
    expect(synced).toEqual([])
  })
})

it('reads the database of fail2ban once at a time, whoever asks', async () => {
  const { see, host, counts, archiveSync } = await setUp()
  const gate = Promise.withResolvers<void>()
  let [reading, most] = [0, 0]
  host.history.readBans = async () => {
    reading += 1
    most = Math.max(most, reading)
    await gate.promise
    reading -= 1
    return { rows: [], cursor: 'c', done: true, total: 0 }
  }
  let looks = 0
  host.bans.count = async () => {
    looks += 1
    return Object.entries(counts)
  }
  const compared = archiveSync.reconcile()
  await see(false, null)
  await see(true, 2)
  await vi.waitFor(() => expect(looks).toBeGreaterThan(1))
  gate.resolve()
  await compared
  await archiveSync.stop()
  expect(most).toBe(1)
})
