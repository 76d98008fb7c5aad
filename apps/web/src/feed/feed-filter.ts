import { addressKey, type Event, parseSearch, type Search } from '@bangui/shared'
import { withCountryCodes } from '../lib/country-search.ts'
import { type EventKind, kindOf } from './event-words.ts'

/** Which events a feed shows; an absent field does not filter. */
export type FeedFilter = {
  kind?: EventKind | undefined
  jail?: string | undefined
  country?: string | undefined
  /** as in the search of the history */
  search?: string | undefined
}

type About = {
  readonly jail: string | undefined
  readonly address: string | undefined
  /** `??`: unknown countries; undefined: no filter */
  readonly country: string | undefined
}

/** Parses the search text as the server does for the history. */
const readSearch = (filter: FeedFilter): Search => parseSearch(withCountryCodes(filter.search ?? ''))

/** Returns the only jail that a filter selects. */
export const jailOf = (filter: FeedFilter): string | undefined => filter.jail || readSearch(filter).jail

/** Returns a function that tells whether an event passes the filter, by the rules of the history. */
export function createFeedFilter(filter: FeedFilter): (event: Event) => boolean {
  const search = readSearch(filter)
  // if nothing of the search could be parsed, showing all events would look like a result
  if (search.problem !== undefined && Object.keys(search).length === 1) return () => false
  return (event) => {
    if (filter.kind && kindOf(event) !== filter.kind) return false
    const about = aboutOf(event)
    if (filter.jail && about.jail !== filter.jail) return false
    if (filter.country && about.country !== filter.country) return false
    return matches(about, search)
  }
}

function aboutOf(event: Event): About {
  const address = 'address' in event ? (event.address ?? undefined) : undefined
  // a failed action has no country, though it may have an address
  const hasPlace = address !== undefined && event.type !== 'action.failed'
  return {
    jail: 'jail' in event ? (event.jail ?? undefined) : undefined,
    address,
    country: hasPlace ? ('country' in event && event.country) || '??' : undefined,
  }
}

function matches(about: About, { jail, text, country, addresses }: Search): boolean {
  if (jail !== undefined && about.jail !== jail) return false
  if (country !== undefined && about.country !== country) return false
  if (addresses !== undefined && !isWithin(about.address, addresses)) return false
  return text === undefined || isNamed(about, text)
}

/** The text is part of a jail's name, or the beginning of a banned name that is not an address. */
function isNamed({ jail, address }: About, text: string): boolean {
  if (jail?.toLowerCase().includes(text.toLowerCase())) return true
  const from = addressKey(text)
  return from[0] === 0 && isWithin(address, { from, to: Uint8Array.of(...from, 0xff) })
}

/** Includes networks that contain the range, because the ban of a network bans all addresses in it. */
function isWithin(address: string | undefined, range: NonNullable<Search['addresses']>): boolean {
  if (address === undefined) return false
  const key = addressKey(address)
  if (compare(key, range.from) >= 0 && compare(key, range.to) <= 0) return true
  return range.holders?.some((holder) => compare(key, holder) === 0) ?? false
}

/** Compares as the database does: byte by byte, then by length. */
function compare(one: Uint8Array, other: Uint8Array): number {
  for (let at = 0; at < Math.min(one.length, other.length); at += 1) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0)
    if (difference !== 0) return difference
  }
  return one.length - other.length
}
