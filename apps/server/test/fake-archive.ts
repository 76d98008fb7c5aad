import type { Archive, IngestBatch } from '@bangui/db'
import type { Event, StoredEvent } from '@bangui/shared'

/** An archive that keeps events in memory and nothing else. Verbs that a test does not set reject. */
export interface FakeArchive extends Archive {
  readonly stored: StoredEvent[]
  readonly batches: IngestBatch[]
  readonly positions: Map<string, string>
  /** Stores events as if the log had told them. */
  store(...events: Event[]): StoredEvent[]
}

const unset = (verb: string) => () => Promise.reject(new Error(`the fake archive has no ${verb}`))

/** Makes a {@link FakeArchive}; `verbs` gives it more to do. */
export function createFakeArchive(verbs: Partial<Archive> = {}): FakeArchive {
  const stored: StoredEvent[] = []
  const batches: IngestBatch[] = []
  const positions = new Map<string, string>()
  const store = (...events: Event[]) => {
    const added = events.map((event, index) => ({ seq: stored.length + index + 1, event }))
    stored.push(...added)
    return added
  }
  return {
    stored,
    batches,
    positions,
    store,
    async ingest(batch) {
      batches.push(batch)
      if (batch.position) positions.set(batch.position.name, batch.position.value)
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
    getPosition: async (name) => positions.get(name) ?? null,
    setPosition: async (name, value) => void positions.set(name, value),
    lastSeq: async () => stored.at(-1)?.seq ?? 0,
    listEventsAfter: async (seq, limit) => {
      const after = stored.filter((each) => each.seq > seq)
      return after.length > limit || (stored[0]?.seq ?? 1) > seq + 1 ? undefined : after
    },
    listEvents: async ({ limit }) => stored.toReversed().slice(0, limit),
    countActive: async () => new Map(),
    healDoubles: async () => 0,
    listOverdueJails: async () => [],
    endSuspended: async () => [],
    addIntents: async () => undefined,
    removeIntents: async () => undefined,
    setEnds: async () => [],
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
    byCountry: unset('byCountry'),
    addressesByCountry: unset('addressesByCountry'),
    activeByCountry: unset('activeByCountry'),
    topAddresses: unset('topAddresses'),
    topNetworks: unset('topNetworks'),
    repeatOffenders: unset('repeatOffenders'),
    close: async () => undefined,
    ...verbs,
  }
}
