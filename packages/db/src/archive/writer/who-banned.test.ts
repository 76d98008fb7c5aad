import { addressOfKey, type HostEvent } from '@bangui/shared'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ban, log, pair, pending, rows, seconds } from '../../testing/log-lines.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'
import type { ArchiveWriter, ImportBatch } from '../writer-port.ts'

const failure = (at: number, address = pair.address): HostEvent => ({
  type: 'failure',
  jail: pair.jail,
  address,
  at: seconds(at),
  failedAt: seconds(at),
})

describe('a ban that nobody asked BanGUI for', () => {
  it('is fail2ban’s where the log has failures of the address', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest(log(failure(0), ban(1)))
    expect(bans()).toMatchObject([{ by_kind: 'fail2ban' }])
  })

  it('is of somebody unknown where the log has failures of others only', async () => {
    const { writer, bans } = await openTempWriter()
    const [event] = (await writer.ingest(log(failure(0, '192.0.2.1'), ban(1)))).slice(1)
    expect(event).toMatchObject({ event: { type: 'ban.added', by: { kind: 'unknown', name: null } } })
    expect(bans()).toMatchObject([{ by_kind: 'unknown' }])
  })

  it('is of somebody unknown where the failures of the address are long ago, and others failed since', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest(log(failure(0), failure(3_000, '192.0.2.1'), ban(3_600)))
    expect(bans()).toMatchObject([{ by_kind: 'unknown' }])
  })

  it('is fail2ban’s where the log has shown no failures for hours', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest(log(failure(0, '192.0.2.1'), ban(10_000)))
    expect(bans()).toMatchObject([{ by_kind: 'fail2ban' }])
  })

  it('is not of somebody whose request broke off hours before', async () => {
    const { writer, bans } = await openTempWriter(undefined, () => seconds(5))
    await writer.addPendingActions([pending('ban', { operation: 'mine', duration: 60, at: seconds(1) })])
    await writer.closePendingActions({ operation: null, isAnswered: false })
    await writer.ingest(log(ban(7_200)))
    expect(bans()).toMatchObject([{ by_kind: 'fail2ban', operation_id: null, until: seconds(7_800) }])
  })

  it('is of somebody whose batch waited for minutes and was cut off as it was sent', async () => {
    const { writer, bans } = await openTempWriter(undefined, () => seconds(300))
    await writer.addPendingActions([pending('ban', { operation: 'mine', duration: 60, at: seconds(1) })])
    await writer.closePendingActions({ operation: null, isAnswered: false, endedBy: seconds(185) })
    await writer.ingest(log(ban(181)))
    expect(bans()).toMatchObject([{ by_kind: 'user', operation_id: 'mine', until: seconds(241) }])
  })

  it('is fail2ban’s while the log shows no failures at all: its level may leave them out', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest(log(ban(1)))
    expect(bans()).toMatchObject([{ by_kind: 'fail2ban' }])
  })

  it.each([
    [5, 'fail2ban'],
    [0, 'unknown'],
  ])('with %i failures in fail2ban’s database is of %s, whatever the log shows', async (attempts, author) => {
    for (const lines of [[], [failure(0)], [failure(0, '192.0.2.1')]]) {
      const { writer, bans } = await openTempWriter()
      await writer.ingest(log(...lines, ban(1)))
      await writer.importBans(rows(2, { bannedAt: 1, attempts }))
      expect(bans()).toMatchObject([{ by_kind: author }])
    }
    const { writer, bans } = await openTempWriter()
    await writer.importBans(rows(2, { bannedAt: 1, attempts }))
    await writer.ingest(log(ban(1)))
    expect(bans()).toMatchObject([{ by_kind: author }])
  })

  it('stays that of the user who asked for it, with no failures in the database', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.addPendingActions([pending('ban', { operation: 'mine' })])
    await writer.ingest(log(failure(0, '192.0.2.1'), ban(1)))
    await writer.importBans(rows(2, { bannedAt: 1, attempts: 0 }))
    expect(bans()).toMatchObject([{ by_kind: 'user', by_name: 'ada', operation_id: 'mine' }])
  })
})

describe('what no line answers', () => {
  const closed = { operation: 'mine', isAnswered: false }

  it('is theirs where the ban is in force once the bans were compared, with its end', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.addPendingActions([pending('ban', { operation: 'mine', duration: 60, at: seconds(1) })])
    await writer.closePendingActions(closed)
    await writer.syncActive(
      pair.jail,
      [{ address: pair.address, bannedAt: seconds(2), duration: 600, country: null }],
      { asOf: seconds(9), reason: 'unknown' },
    )
    await writer.settlePendingActions(Number.MAX_SAFE_INTEGER)
    expect(bans()).toMatchObject([{ by_name: 'ada', operation_id: 'mine', until: seconds(62), duration: 60 }])
    await writer.ingest(log({ type: 'unban', ...pair, at: seconds(62) }, ban(100)))
    expect(bans()).toMatchObject([{}, { by_kind: 'fail2ban', until: seconds(700) }])
  })

  it('is dropped where the ban is not in force, or is an older one', async () => {
    for (const began of [null, -50]) {
      const { writer, bans } = await openTempWriter()
      if (began !== null) await writer.ingest(log(ban(began)))
      await writer.addPendingActions([pending('ban', { operation: 'mine', at: seconds(1) })])
      await writer.closePendingActions(closed)
      await writer.settlePendingActions(Number.MAX_SAFE_INTEGER)
      await writer.ingest(log({ type: 'unban', ...pair, at: seconds(50) }, ban(100)))
      expect(bans().map(({ by_kind: kind }) => kind)).toEqual(
        began === null ? ['fail2ban'] : ['fail2ban', 'fail2ban'],
      )
    }
  })

  it('waits while its operation runs, or ended only now', async () => {
    const { writer, bans } = await openTempWriter(undefined, () => seconds(20))
    await writer.addPendingActions([pending('ban', { operation: 'mine', at: seconds(1) })])
    await writer.settlePendingActions(Number.MAX_SAFE_INTEGER)
    await writer.closePendingActions(closed)
    await writer.settlePendingActions(seconds(19))
    await writer.ingest(log(ban(2)))
    expect(bans()).toMatchObject([{ by_name: 'ada' }])
  })
})

const step = fc.record({
  kind: fc.constantFrom(
    'person',
    'person',
    'person not reached',
    'person, cut off',
    'shell',
    'failures',
    'unban',
    'restart',
    'read log',
    'compare',
    'log off',
    'log on',
  ),
  who: fc.constantFrom('ada', 'ben'),
  address: fc.constantFrom('203.0.113.7', '203.0.113.8'),
  duration: fc.constantFrom(null, 60, 300),
  /** seconds */
  after: fc.integer({ min: 3, max: 50 }),
})

type Step = typeof step extends fc.Arbitrary<infer TStep> ? TStep : never

interface TrueBan {
  readonly author: string
  readonly began: number
  readonly end: number | null
  readonly attempts: number
}

const BANTIME = 10_000_000

/** A daemon, and what BanGUI has the archive store about it. */
function createWorld(writer: ArchiveWriter) {
  const banned = new Map<string, TrueBan>()
  const lines: HostEvent[] = []
  let isLogging = true
  const write = (...events: HostEvent[]) => void (isLogging && lines.push(...events))
  /** by address: an unban deletes fail2ban's record */
  const records = new Map<string, ImportBatch['bans'][number]>()
  let operations = 0
  const about = (address: string, time: number) => ({ jail: pair.jail, address, at: seconds(time) })

  const banIn = (address: string, time: number, made: Omit<TrueBan, 'began'>): boolean => {
    if (banned.has(address)) return false
    banned.set(address, { ...made, began: time })
    write({ type: 'ban', restored: false, ...about(address, time) })
    records.set(address, {
      ...pair,
      address,
      bannedAt: seconds(time),
      duration: BANTIME,
      times: 1,
      attempts: made.attempts,
      lines: [],
      country: 'DE',
    })
    return true
  }
  const readLog = async () => {
    await writer.ingest({
      events: lines.splice(0).map((event) => ({ event, country: 'DE', bantime: BANTIME })),
      cursor: null,
    })
  }
  const compare = async (time: number) => {
    await readLog()
    await writer.importBans({ bans: [...records.values()], cursor: null, now: seconds(time) })
    const listed = [...banned].map(([address, { began }]) => ({
      address,
      bannedAt: seconds(began),
      duration: BANTIME,
      country: 'DE',
    }))
    await writer.syncActive(pair.jail, listed, { asOf: seconds(time), reason: 'unknown' })
    await writer.settlePendingActions(Number.MAX_SAFE_INTEGER)
  }

  /** A ban of BanGUI's: what is pending, what the daemon does, and what BanGUI hears of it. */
  const askedBy = async ({ kind, who, address, duration }: Step, time: number) => {
    const operation = `operation-${(operations += 1)}`
    const by = { kind: 'user', name: who } as const
    await writer.addPendingActions([
      pending('ban', { address, by, duration, operation, at: seconds(time) - 500 }),
    ])
    const isReached = kind !== 'person not reached'
    const end = duration === null ? null : time + duration
    const isNew = isReached && banIn(address, time, { author: who, end, attempts: 0 })
    if (kind === 'person' && !isNew) {
      await writer.answerBans({ operation, jail: pair.jail, already: [address], bantime: BANTIME })
      const before = banned.get(address)
      // a ban of fail2ban, or of a shell, keeps its length
      if (before?.attempts === 0 && before.author !== 'unknown')
        banned.set(address, { ...before, end: duration === null ? null : time - 0.5 + duration })
    }
    await writer.closePendingActions(
      kind === 'person' ? { operation, isAnswered: true } : { operation: null, isAnswered: false },
    )
    // a start reads the log and compares the bans before anything else happens
    if (kind !== 'person') await compare(time)
  }

  return {
    banned,
    compare,
    async play(made: Step, time: number) {
      const { kind, address } = made
      switch (kind) {
        case 'person':
        case 'person not reached':
        case 'person, cut off':
          return askedBy(made, time)
        case 'shell':
          return void banIn(address, time, { author: 'unknown', end: null, attempts: 0 })
        case 'failures':
          for (const before of [2, 1])
            write({ type: 'failure', ...about(address, time - before), failedAt: seconds(time - before) })
          return void banIn(address, time, { author: 'fail2ban', end: null, attempts: 2 })
        case 'unban':
          records.delete(address)
          if (banned.delete(address)) write({ type: 'unban', ...about(address, time) })
          return undefined
        case 'restart':
          for (const daemon of ['suspended', 'ban'] as const)
            for (const name of banned.keys())
              write(
                daemon === 'ban'
                  ? { type: 'ban', restored: true, ...about(name, time + 1) }
                  : { type: 'suspended', daemonStops: true, ...about(name, time) },
              )
          return undefined
        case 'read log':
          return readLog()
        case 'compare':
          return compare(time)
        case 'log off':
        case 'log on':
          isLogging = kind === 'log on'
          return undefined
      }
    },
  }
}

describe('whatever happens between lines, answers, restarts, a shell and a second person', () => {
  it('every ban is of who made it, or of somebody unknown, and ends when it was asked to', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
        let time = 0
        const { writer, bans, sqlite } = await openTempWriter(undefined, () => seconds(time))
        const world = createWorld(writer)
        for (const made of steps) {
          time += made.after
          await world.play(made, time)
        }
        await world.compare(time + 10)
        const stored = bans().filter(({ active }) => active === 1)
        const timers = new Map(
          sqlite
            .prepare<[], { address: Uint8Array; ends_at: number }>('select address, ends_at from timers')
            .all()
            .map((timer) => [addressOfKey(timer.address), timer.ends_at]),
        )
        expect(stored.map(({ address }) => address)).toEqual([...world.banned.keys()].toSorted())
        for (const { address, by_kind: kind, by_name: name, until } of stored) {
          const truth = world.banned.get(address)
          const author = kind === 'user' ? name : kind
          expect([truth?.author, 'unknown']).toContain(author)
          const end = truth?.end ?? (truth?.began ?? 0) + BANTIME
          expect(until).toBe(seconds(end))
          expect(timers.get(address)).toBe(truth?.end === null ? undefined : seconds(end))
        }
      }),
      { numRuns: 200 },
    )
  }, 60_000)
})
