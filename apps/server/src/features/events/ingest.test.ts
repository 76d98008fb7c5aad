import type { HostEventBatch } from '@bangui/fail2ban'
import { describe, expect, it, vi } from 'vitest'
import { createFakeGeo } from '../../../test/fake-geo.ts'
import { createFakeHost, jail } from '../../../test/fake-host.ts'
import { createServiceDeps } from '../../../test/service-deps.ts'
import { followLog } from './ingest.ts'

const following = { kind: 'file', state: 'following', path: '/var/log/fail2ban.log', message: null } as const

const banBatch = (at: number): HostEventBatch => ({
  events: [{ type: 'ban', at, jail: 'sshd', address: '192.0.2.1', restored: false }],
  position: `after ${at}`,
  status: following,
})

/** A host that logs these batches, from the position that it is asked for. */
function setUp(batches: readonly HostEventBatch[]) {
  const asked: (string | null)[] = []
  const host = createFakeHost({
    events: {
      async *follow({ position, signal }) {
        asked.push(position)
        const begin = batches.findIndex((batch) => batch.position === position) + 1
        yield* batches.slice(begin)
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      },
    },
  })
  host.listed = [jail('sshd', { bantime: 900 })]
  const service = createServiceDeps(host)
  const deps = { ...service.deps, geo: createFakeGeo({ '192.0.2.1': 'NL' }) }
  return { ...service, deps, asked, stop: new AbortController() }
}

describe('followLog', () => {
  it('stores logged events with the country, the bantime and the position, and then emits them', async () => {
    const { deps, archive, state, stop } = setUp([banBatch(5)])
    const told: unknown[] = []
    deps.events.listen((batch) => told.push(...batch))
    const run = followLog(deps, { signal: stop.signal })
    await vi.waitFor(() => expect(told).toHaveLength(1))
    stop.abort()
    await run
    expect(archive.batches).toMatchObject([
      { events: [{ country: 'NL', bantime: 900 }], cursor: { name: 'log', value: 'after 5' } },
    ])
    expect(told).toMatchObject([{ seq: 1, event: { type: 'ban.added', country: 'NL' } }])
    expect(state.get().watching.events).toEqual(following)
  })

  it('lists the jails once for a jail that is not there, and not for each of its bans', async () => {
    const { deps, archive, stop } = setUp([banBatch(5), banBatch(6), banBatch(7)])
    let lists = 0
    const refresh = async () => {
      lists += 1
      return []
    }
    const run = followLog({ ...deps, jails: { ...deps.jails, refresh } }, { signal: stop.signal })
    await vi.waitFor(() => expect(archive.batches).toHaveLength(3))
    stop.abort()
    await run
    expect(lists).toBe(1)
    expect(archive.batches[0]?.events).toMatchObject([{ bantime: null }])
  })

  it('begins where it stopped', async () => {
    const { deps, archive, asked, stop } = setUp([banBatch(5), banBatch(6)])
    archive.cursors.set('log', 'after 5')
    const run = followLog(deps, { signal: stop.signal })
    await vi.waitFor(() => expect(archive.batches).toHaveLength(1))
    stop.abort()
    await run
    expect(asked).toEqual(['after 5'])
    expect(archive.batches[0]?.cursor?.value).toBe('after 6')
  })

  it('reads a batch again that could not be stored', async () => {
    const { deps, archive, asked, stop } = setUp([banBatch(5)])
    const ingest = archive.ingest.bind(archive)
    let failures = 0
    archive.ingest = async (batch) => {
      if (failures++ === 0) throw new Error('the disk is full')
      return ingest(batch)
    }
    const run = followLog(deps, { signal: stop.signal })
    await vi.waitFor(() => expect(archive.batches).toHaveLength(1), { timeout: 5_000 })
    stop.abort()
    await run
    expect(asked).toEqual([null, null])
  })

  it('has the countries of bans looked up that are not known yet', async () => {
    const { deps, archive, stop } = setUp([banBatch(5)])
    const asked: string[] = []
    const geo = { ...createFakeGeo(), learn: (addresses: readonly string[]) => void asked.push(...addresses) }
    const run = followLog({ ...deps, geo }, { signal: stop.signal })
    await vi.waitFor(() => expect(archive.batches).toHaveLength(1))
    stop.abort()
    await run
    expect(asked).toEqual(['192.0.2.1'])
  })
})

it('stores what has an absurd time, and goes on after it', async () => {
  const absurd = { ...banBatch(Number.NaN), position: 'after NaN' }
  const { deps, archive, stop } = setUp([absurd, banBatch(6)])
  const run = followLog(deps, { signal: stop.signal })
  await vi.waitFor(() => expect(archive.batches).toHaveLength(2))
  stop.abort()
  await run
  expect(archive.batches[0]?.events).toMatchObject([{ event: { at: 1_000_000 } }])
})
