import { nextTurn, stepsOf } from '@bangui/async'
import type { HostArchive, HostDb } from '@bangui/db'
import { type BatchStep, HostError, type JailTuning } from '@bangui/fail2ban'
import { addressKey, contains, createCover, parseAddress, type Ban, type HistoryRow } from '@bangui/shared'
import type { Operations } from '../src/features/operations/operations.ts'
import type { FakeArchive } from './fake-archive.ts'
import { createFakeIntake } from './fake-intake.ts'
import type { FakeHost, FakeVerbs } from './fake-host.ts'

/** A ban in force, as the archive returns it. */
export const ban = (address: string, over: Partial<Ban> = {}): Ban => ({
  address,
  jail: 'sshd',
  since: 900_000,
  until: null,
  duration: 600,
  country: null,
  times: 1,
  attempts: null,
  by: { kind: 'fail2ban', name: null },
  reason: null,
  id: 1,
  ...over,
})

interface WithBans {
  readonly host: FakeHost
  readonly archive: FakeArchive
  readonly hostDb: HostDb
  readonly operations: Pick<Operations, 'list'>
}

/** Gives a fake host and archive bans in memory: jails with what they ban and ignore. */
export function withBans({ host, archive, hostDb, operations }: WithBans) {
  const tuning: Record<string, JailTuning> = { sshd: { bantime: 600, findtime: 300, maxretry: 5 } }
  const ignored: Record<string, string[]> = { sshd: ['198.51.100.0/24', 'home.example.org'] }
  const banned: Record<string, Set<string>> = { sshd: new Set() }
  const intake = createFakeIntake(hostDb)
  const { pendingActions } = intake
  const active: Ban[] = []
  /** bans that are over */
  const ended: HistoryRow[] = []
  const calls: string[] = []
  /** called before each batch of ten */
  const hooks = { beforeBatch: (_done: number) => undefined as void | Promise<void> }

  const bansOf = (jail: string) => {
    if (!(jail in tuning)) throw new HostError('jail_unknown', { jailName: jail })
    return (banned[jail] ??= new Set())
  }
  const inBatches = async (
    addresses: readonly string[],
    run: { readonly signal: AbortSignal | undefined; readonly emit: (step: BatchStep) => void },
    one: (address: string) => void,
  ) => {
    let done = 0
    while (done < addresses.length && !run.signal?.aborted) {
      const batch = addresses.slice(done, done + 10)
      run.emit({ sent: done + batch.length, done })
      // the reader of the steps goes first
      await nextTurn()
      await hooks.beforeBatch(done)
      for (const address of batch) one(address)
      done += batch.length
      run.emit({ sent: done, done })
    }
    return done
  }
  /** Ends the ban of an address, of a network all that it holds; gives whether there was one. */
  const endIn = (bans: Set<string>, text: string) => {
    if (!text.includes('/')) return bans.delete(text)
    const holds = createCover([parseAddress(text)!])
    const held = [...bans].filter((name) => {
      const address = parseAddress(name)
      return address !== undefined && holds(address).length > 0
    })
    for (const name of held) bans.delete(name)
    return held.length > 0
  }
  const verbs: FakeVerbs = {
    jails: {
      getTuning: async (jail) => {
        bansOf(jail)
        return tuning[jail] ?? {}
      },
      getIgnoreList: async (jail) => {
        bansOf(jail)
        return { entries: ignored[jail] ?? [], files: [] }
      },
    },
    bans: {
      ban: async (jail, addresses) => {
        calls.push(`ban ${jail} ${addresses.length}`)
        const bans = bansOf(jail)
        const running = operations.list().find(({ state }) => state === 'running')
        await hooks.beforeBatch(running?.done ?? 0)
        const before = addresses.map((address) => bans.has(address))
        for (const address of addresses) bans.add(address)
        await intake.readLines(
          jail,
          addresses.filter((_address, index) => !before[index]),
        )
        // as long as it should take: each batch is as large as the first
        return { before, banned: before.filter((wasBanned) => !wasBanned).length, tookMs: 100 }
      },
      unban: (jail, addresses, options) =>
        stepsOf(async (emit) => {
          calls.push(`unban ${jail ?? '*'} ${addresses.length}`)
          const jails = jail === null ? Object.keys(tuning) : [jail]
          let unbanned = 0
          const done = await inBatches(addresses, { signal: options?.signal, emit }, (address) => {
            const hits = jails.filter((name) =>
              options?.exactly ? bansOf(name).delete(address) : endIn(bansOf(name), address),
            )
            if (hits.length > 0) unbanned += 1
          })
          return { unbanned, absent: done - unbanned, done }
        }),
      count: async () => Object.entries(banned).map(([jail, bans]) => [jail, bans.size] as const),
      list: async (jail) =>
        [...bansOf(jail)].map((address) => ({ address, bannedAt: 0, duration: 600, until: 600_000 })),
    },
  }
  const reads: Partial<HostArchive> = {
    addPendingActions: intake.add,
    removePendingActions: (operation, { kind, pairs }) => intake.remove(operation, kind, pairs),
    deleteTimers: intake.deleteTimers,
    answerBans: (answer) => intake.answer(answer, active),
    findActive: async (addresses) => active.filter(({ address }) => addresses.includes(address)),
    findCovers: async (addresses) =>
      addresses.flatMap((address) => {
        const parsed = parseAddress(address)
        const isCover = (by: Ban) => {
          const other = parseAddress(by.address)
          return parsed && other ? contains(other, parsed) : by.address === address
        }
        return active.filter(isCover).map((by) => ({ address, by }))
      }),
    listHistory: async ({ filter: { jail, from = 0, to = Number.MAX_SAFE_INTEGER, addresses } }) => ({
      rows: ended.filter(
        (row) =>
          row.jail === jail &&
          row.at >= from &&
          row.at < to &&
          (!addresses || Buffer.compare(addressKey(row.address), addresses.from) === 0),
      ),
      nextCursor: null,
    }),
  }
  for (const group of ['jails', 'bans'] as const) Object.assign(host[group], verbs[group])
  Object.assign(archive, reads)
  return { tuning, ignored, banned, pendingActions, active, ended, calls, hooks }
}
