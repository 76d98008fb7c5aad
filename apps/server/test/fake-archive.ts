import type {
  Archive,
  BansComparison,
  BansComparisonStore,
  HostArchive,
  IngestBatch,
  LostBan,
} from '@bangui/db'
import type { Event, StoredEvent } from '@bangui/shared'

/** An archive that keeps events in memory and nothing else. Verbs that a test does not set reject. */
export interface FakeArchive extends Archive, HostArchive {
  readonly stored: StoredEvent[]
  readonly batches: IngestBatch[]
  readonly cursors: Map<string, string>
  /** Stores events as if the log had told them. */
  store(...events: Event[]): StoredEvent[]
}

const unset = (verb: string) => () => Promise.reject(new Error(`the fake archive has no ${verb}`))

/** Makes a {@link FakeArchive}; `verbs` gives it more to do. */
export function createFakeArchive(verbs: Partial<HostArchive> = {}): FakeArchive {
  const stored: StoredEvent[] = []
  const batches: IngestBatch[] = []
  const cursors = new Map<string, string>()
  const lostBans = createLostBans()
  const store = (...events: Event[]) => {
    const added = events.map((event, index) => ({ seq: stored.length + index + 1, event }))
    stored.push(...added)
    return added
  }
  const archive: FakeArchive = {
    forHost: () => archive,
    forHosts: () => archive,
    stored,
    batches,
    cursors,
    store,
    async ingest(batch) {
      batches.push(batch)
      if (batch.cursor) cursors.set(batch.cursor.name, batch.cursor.value)
      return store(
        ...batch.events.flatMap(({ event, country }): Event[] => {
          const { at } = event
          if (event.type === 'failure')
            return [{ type: 'failure.found', at, jail: event.jail, address: event.address, country }]
          if (event.type !== 'ban') return []
          return [{ type: 'ban.added', at, jail: event.jail, address: event.address, country }]
        }),
      )
    },
    addEvent: async (event) => store(event),
    getCursor: async (name) => cursors.get(name) ?? null,
    setCursor: async (name, value) => void cursors.set(name, value),
    lastSeq: async () => stored.at(-1)?.seq ?? 0,
    listEventsAfter: async (seq, limit) => {
      const after = stored.filter((each) => each.seq > seq)
      return after.length > limit || (stored[0]?.seq ?? 1) > seq + 1 ? undefined : after
    },
    listEvents: async ({ limit }) => stored.toReversed().slice(0, limit),
    listActivity: unset('listActivity'),
    countActivity: unset('countActivity'),
    countActive: async () => new Map(),
    healDoubles: async () => 0,
    listOverdueJails: async () => [],
    endSuspended: async () => [],
    addPendingActions: async () => undefined,
    removePendingActions: async () => undefined,
    answerBans: async () => [],
    closePendingActions: async () => undefined,
    settlePendingActions: async () => undefined,
    setEnds: async () => ({ events: [], count: 0 }),
    setReasons: async (notes) => notes.length,
    deleteTimers: async () => undefined,
    ...lostBans,
    importBans: unset('importBans'),
    syncActive: unset('syncActive'),
    setCountries: unset('setCountries'),
    retain: async () => ({ deleted: 0, done: true }),
    listActive: unset('listActive'),
    setOwnLogJails: async () => undefined,
    findActive: unset('findActive'),
    findCovers: unset('findCovers'),
    listHistory: unset('listHistory'),
    getBan: unset('getBan'),
    listLines: unset('listLines'),
    describeAddress: unset('describeAddress'),
    overview: unset('overview'),
    trend: unset('trend'),
    recordedTimes: async () => ({ bans: 0, failures: 0 }),
    byJail: unset('byJail'),
    byOrigin: unset('byOrigin'),
    byCountry: unset('byCountry'),
    addressesByCountry: unset('addressesByCountry'),
    activeByCountry: unset('activeByCountry'),
    topAddresses: unset('topAddresses'),
    topNetworks: unset('topNetworks'),
    repeatOffenders: unset('repeatOffenders'),
    banPatterns: async () => ({ returns: [], repeats: [], failures: [] }),
    close: async () => undefined,
    ...verbs,
  }
  return archive
}

function createLostBans(): Pick<
  HostArchive,
  'addLostBans' | 'removeLostBans' | 'listLostBans' | 'summariseLostBans'
> {
  let lost: LostBan[] = []
  let upTo = 0
  const keyOf = ({ jail, address }: Pick<LostBan, 'jail' | 'address'>) => `${address} ${jail}`
  const summarise = async () => {
    const jails = [...Map.groupBy(lost, ({ jail }) => jail)].map(([jail, bans]) => ({
      jail,
      count: bans.length,
    }))
    return lost.length === 0 ? null : { count: lost.length, at: Math.max(...lost.map(({ at }) => at)), jails }
  }
  return {
    addLostBans(more) {
      const added = more.filter(({ seq }) => seq > upTo)
      lost = [...new Map([...lost, ...added].map((ban) => [keyOf(ban), ban])).values()]
      upTo = Math.max(upTo, ...added.map(({ seq }) => seq))
      return summarise()
    },
    removeLostBans(handled) {
      const removed = new Set(handled?.map(keyOf))
      lost = handled === null ? [] : lost.filter((ban) => !removed.has(keyOf(ban)))
      return summarise()
    },
    listLostBans: async () => lost.map(({ jail, address }) => ({ jail, address })),
    summariseLostBans: summarise,
  }
}

/** Keeps in memory how far the bans were compared. */
export function createFakeComparison(): BansComparisonStore & { current: BansComparison } {
  const comparison = {
    current: { comparedDaemon: null, begunAtSeq: null } as BansComparison,
    load: async () => comparison.current,
    async save(change: Partial<BansComparison>) {
      comparison.current = { ...comparison.current, ...change }
    },
  }
  return comparison
}
