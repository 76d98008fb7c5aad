import { semaphore } from '@bangui/async'
import { boundsBefore, boundsOf, NamedRange, type Bounds } from '@bangui/shared'
import type { ReadOptions, StatsQuery } from './reader-port.ts'
import type { Count, CountQuery } from './reader-methods.ts'
import { createSharedScan } from './shared-scan.ts'

/** The counts of a span, and when they were counted. */
export interface CachedAggregate extends Count {
  readonly asOf: number
}

/** Counts a span; `banRevision` shows whether bans came in since. */
export interface Counting {
  count(query: CountQuery, options?: ReadOptions): Promise<Count>
  banRevision(): Promise<number>
}

/** Counts of spans, cached for as long as they may be shown. */
export interface CachedAggregates {
  /** Returns the counts of a span: of a named range, at most a minute old; of another, exact. */
  find(query: StatsQuery, options?: ReadOptions): Promise<CachedAggregate>
  /** Counts named ranges that were asked for lately again before they are too old. */
  refreshDue(now: number): Promise<void>
}

interface Cached {
  readonly aggregate: CachedAggregate
  readonly bounds: Bounds
  readonly banRevision: number
  /** when it was really counted: `asOf` advances while no ban comes in */
  readonly countedAt: number
}

/** The age of the counts of a named range from which they are not shown any more. */
const MAX_AGE_MS = 60_000
/** A named range is counted again at this age, so that nobody has to wait for it. */
const REFRESH_AGE_MS = 45_000
/** How long after the last request a named range is kept fresh. */
const REFRESH_FOR_MS = 10 * 60_000
/** New countries and confirmed bans change the counts without a new ban. */
const RECOUNT_AFTER_MS = 10 * 60_000
const MAX_CACHED_SPANS = 16
export const MAX_SPANS_AT_ONCE = 2

/** `inTurn` limits the spans without a name that are counted at once: each takes memory, and time from the named ranges. */
export function createCachedAggregates(
  { count, banRevision }: Counting,
  inTurn = semaphore(MAX_SPANS_AT_ONCE),
): CachedAggregates {
  const kept = new Map<string, Cached>()
  const askedAt = new Map<NamedRange, number>()
  const shareScan = createSharedScan<CachedAggregate>()

  async function refresh(
    key: string,
    { bounds, now, origin }: StatsQuery,
    options?: ReadOptions,
  ): Promise<CachedAggregate> {
    const old = kept.get(key)
    const newest = await banRevision()
    if (
      old &&
      old.banRevision === newest &&
      isSame(old.bounds, bounds) &&
      now - old.countedAt < RECOUNT_AFTER_MS
    )
      return keep(key, { ...old, aggregate: { ...old.aggregate, asOf: now } })
    const previousAddresses = previousOf(old, bounds, now)
    const counted = await count({ bounds, now, origin, previousAddresses }, options)
    return keep(key, { aggregate: { ...counted, asOf: now }, bounds, banRevision: newest, countedAt: now })
  }

  function keep(key: string, value: Cached): CachedAggregate {
    kept.delete(key)
    kept.set(key, value)
    const spans = [...kept.keys()].filter((other) => !isNamed(other))
    for (const oldest of spans.slice(0, -MAX_CACHED_SPANS)) kept.delete(oldest)
    return value.aggregate
  }

  return {
    async find(query, options) {
      const { named, now } = query
      const key = keyOf(query)
      const isCommon = key === named
      if (isCommon) askedAt.set(named, now)
      const old = named && kept.get(key)
      // counting costs nothing where there are no bans, and a cached "none" would be wrong beside the first ones
      if (old && old.aggregate.addresses > 0 && isFresh(old, now, MAX_AGE_MS)) return old.aggregate
      return shareScan(
        key,
        (shared) => {
          const counting = () => refresh(key, query, shared)
          return isCommon ? counting() : inTurn(counting, { signal: shared.signal })
        },
        options,
      )
    },
    async refreshDue(now) {
      for (const [named, asked] of askedAt) {
        const old = kept.get(named)
        if (now - asked > REFRESH_FOR_MS) {
          askedAt.delete(named)
          kept.delete(named)
        } else if (old && !isFresh(old, now, REFRESH_AGE_MS)) {
          const query = { named, bounds: boundsOf(named, now), now }
          await shareScan(named, (shared) => refresh(named, query, shared))
        }
      }
    },
  }
}

/** The numbers of a named range are counted again by themselves; those of an origin only when they are asked for. */
const keyOf = ({ named, bounds, origin }: StatsQuery): string =>
  `${named ?? `${bounds.from}-${bounds.to}`}${origin === undefined ? '' : ` ${origin}`}`

/** After the clock was set back, nothing is fresh. */
const isFresh = ({ aggregate }: Cached, now: number, age: number) =>
  aggregate.asOf <= now && now - aggregate.asOf < age

const isNamed = (key: string): boolean => NamedRange.options.some((named) => named === key)

/** The span before lies in the past: it is counted only once while it stays the same. */
function previousOf(old: Cached | undefined, bounds: Bounds, now: number): number | null {
  const same = old && isSame(boundsBefore(old.bounds), boundsBefore(bounds))
  return same && now - old.countedAt < RECOUNT_AFTER_MS ? old.aggregate.previousAddresses : null
}

const isSame = (one: Bounds | null, other: Bounds | null): boolean =>
  one?.from === other?.from && one?.to === other?.to
