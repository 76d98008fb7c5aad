import { nextTurn, pacedChunks } from '@bangui/async'
import { type ListEntries, SkipReason, textOfIpv4 } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { findBanned } from '../bans/bans.service.ts'
import type { ListGuard, Skipped } from './list-guard.ts'

/** How many addresses are looked at before others have their turn. */
const SLICE = 10_000

/** How many entries of a kind are named. */
const MAX_SAMPLES = 20

/** What is to be done with the entries of a list. */
export interface ImportPlan {
  /** the entries that may be banned */
  readonly wanted: ListEntries
  readonly skipped: Readonly<Record<SkipReason, number>>
  readonly skippedSamples: readonly Skipped[]
}

/** Takes out the entries that must not be banned. */
export async function planImport({ ipv4, ipv6 }: ListEntries, guard: ListGuard): Promise<ImportPlan> {
  const skipped = Object.fromEntries(SkipReason.options.map((reason) => [reason, 0])) as Record<
    SkipReason,
    number
  >
  const skippedSamples: Skipped[] = []
  const isOpen = (found: Skipped | undefined) => {
    if (!found) return true
    skipped[found.reason] += 1
    if (skippedSamples.length < MAX_SAMPLES) skippedSamples.push(found)
    return false
  }
  const open = new Float64Array(ipv4.length)
  let count = 0
  for (let from = 0; from < ipv4.length; from += SLICE) {
    for (const entry of ipv4.subarray(from, from + SLICE)) {
      if (!isOpen(guard.skipIpv4(entry))) continue
      open[count] = entry
      count += 1
    }
    await nextTurn()
  }
  const openIpv6: string[] = []
  for await (const chunk of pacedChunks(ipv6, SLICE / 10))
    openIpv6.push(...chunk.filter((text) => isOpen(guard.skip(text))))
  return { wanted: { ipv4: open.subarray(0, count), ipv6: openIpv6 }, skipped, skippedSamples }
}

/** Yields the texts of entries in lists of at most `size`. */
export function* slicesOf({ ipv4, ipv6 }: ListEntries, size: number): Generator<string[]> {
  for (let from = 0; from < ipv4.length; from += size)
    yield Array.from(ipv4.subarray(from, from + size), textOfIpv4)
  for (let from = 0; from < ipv6.length; from += size) yield ipv6.slice(from, from + size)
}

/** Splits addresses into those that are banned in a jail, and those that are not. */
export async function splitByBanned(
  deps: Pick<HostDeps, 'archive'>,
  jail: string,
  addresses: readonly string[],
): Promise<{ readonly banned: readonly string[]; readonly missing: readonly string[] }> {
  const found = await findBanned(deps, jail, addresses)
  return {
    banned: addresses.filter((address) => found.has(address)),
    missing: addresses.filter((address) => !found.has(address)),
  }
}
