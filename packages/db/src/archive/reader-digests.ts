import { boundsBefore, boundsOf, NamedRange, type Bounds } from '@bangui/shared'
import type { ReadOptions, StatsQuery } from './archive.ts'
import { createAtMost } from './at-most.ts'
import type { Count, CountQuery } from './reader-methods.ts'
import { createSharedWork } from './reader-shared-work.ts'

/** What was counted of a span, and when. */
export interface Digest extends Count {
  readonly asOf: number
}

/** Counts, and tells whether there is anything new to count. */
export interface Counting {
  count(query: CountQuery, options?: ReadOptions): Promise<Count>
  lastBanId(): Promise<number>
}

/** Answers of countings, kept as long as they may be. */
export interface Digests {
  /** Of a named range: at most a minute old. Of another: exact, counted anew when bans came in since. */
  find(query: StatsQuery, options?: ReadOptions): Promise<Digest>
  /** Counts the named ranges again that somebody asked for lately, before they are too old. */
  refreshDue(now: number): Promise<void>
}

interface Kept {
  readonly digest: Digest
  readonly bounds: Bounds
  readonly lastBanId: number
  /** when it was really counted: `asOf` moves on while no ban comes in */
  readonly countedAt: number
}

const MINUTE = 60_000
/** a named range is counted again when it is so old, so that nobody who comes in time has to wait */
const REFRESHED_AFTER = 45_000
const WANTED_FOR = 10 * MINUTE
/** countries that were learnt and bans that were confirmed change an answer without a new ban */
const COUNTED_ANEW_AFTER = 10 * MINUTE
const KEPT_SPANS = 16
/** spans without a name that are counted at once: each takes memory, and time from the named ones */
const SPANS_AT_ONCE = 2

export function createDigests({ count, lastBanId }: Counting): Digests {
  const kept = new Map<string, Kept>()
  const askedAt = new Map<NamedRange, number>()
  const work = createSharedWork<Digest>()
  const inTurn = createAtMost(SPANS_AT_ONCE)

  async function refresh(key: string, { bounds, now }: StatsQuery, options?: ReadOptions): Promise<Digest> {
    const old = kept.get(key)
    const newest = await lastBanId()
    if (
      old &&
      old.lastBanId === newest &&
      isSame(old.bounds, bounds) &&
      now - old.countedAt < COUNTED_ANEW_AFTER
    )
      return keep(key, { ...old, digest: { ...old.digest, asOf: now } })
    const counted = await count({ bounds, now, previousAddresses: previousOf(old, bounds, now) }, options)
    return keep(key, { digest: { ...counted, asOf: now }, bounds, lastBanId: newest, countedAt: now })
  }

  function keep(key: string, value: Kept): Digest {
    kept.delete(key)
    kept.set(key, value)
    const spans = [...kept.keys()].filter((other) => !isNamed(other))
    for (const oldest of spans.slice(0, -KEPT_SPANS)) kept.delete(oldest)
    return value.digest
  }

  return {
    async find(query, options) {
      const { named, bounds, now } = query
      const key = named ?? `${bounds.from}-${bounds.to}`
      if (named) askedAt.set(named, now)
      const old = named && kept.get(named)
      // where nothing was found, counting costs nothing, and "none" beside the first bans would be wrong
      if (old && old.digest.addresses > 0 && isFresh(old, now, MINUTE)) return old.digest
      return work.run(
        key,
        (shared) => {
          const counting = () => refresh(key, query, shared)
          return named ? counting() : inTurn(counting, shared.signal)
        },
        options,
      )
    },
    async refreshDue(now) {
      for (const [named, asked] of askedAt) {
        const old = kept.get(named)
        if (now - asked > WANTED_FOR) {
          askedAt.delete(named)
          kept.delete(named)
        } else if (old && !isFresh(old, now, REFRESHED_AFTER)) {
          const query = { named, bounds: boundsOf(named, now), now }
          await work.run(named, (shared) => refresh(named, query, shared))
        }
      }
    },
  }
}

/** A clock that was set back makes nothing fresh. */
const isFresh = ({ digest }: Kept, now: number, age: number) => digest.asOf <= now && now - digest.asOf < age

const isNamed = (key: string): boolean => NamedRange.options.some((named) => named === key)

/** The span before lies in the past: it is counted once while it stays the same. */
function previousOf(old: Kept | undefined, bounds: Bounds, now: number): number | null {
  const same = old && isSame(boundsBefore(old.bounds), boundsBefore(bounds))
  return same && now - old.countedAt < COUNTED_ANEW_AFTER ? old.digest.previousAddresses : null
}

const isSame = (one: Bounds | null, other: Bounds | null): boolean =>
  one?.from === other?.from && one?.to === other?.to
