import type { BanProofOutcome, FamilyProof, ProofPlace } from '@bangui/shared'
import { indexEntries } from '../health/firewall/entry-index.ts'
import { findAt, nameLocation, type Location } from '../health/firewall/locations.ts'
import type { FirewallSeen } from '../health/seen/firewall-seen.ts'

/** What is looked for in the firewall, and where; `address` null: nothing, for the reason of `why`. */
export interface Look {
  readonly family: 4 | 6
  readonly address: string | null
  readonly locations: readonly Location[]
  readonly why: string | null
}

/** Returns whether the firewall blocks the address of a look. */
export function judgeFamily({ family, address, locations, why }: Look, firewall: FirewallSeen): FamilyProof {
  const base = { family, address, removed: null }
  if (address === null) return { ...base, outcome: 'unknown', places: [], why }
  const found = locations.map((location) => placeAt(location, firewall, address))
  const places = found.filter((place) => typeof place !== 'string')
  if (places.some(({ hasAddress, isUsed }) => hasAddress && isUsed))
    return { ...base, outcome: 'blocked', places, why: null }
  const unseen = found.find((place) => typeof place === 'string')
  if (unseen !== undefined) return { ...base, outcome: 'unknown', places, why: unseen }
  return { ...base, outcome: 'not_blocked', places, why: whyNot(places) }
}

/** Returns a proof with whether the firewall still has the address after its unban. */
export function withRemoval(proof: FamilyProof, { locations }: Look, firewall: FirewallSeen): FamilyProof {
  const { address } = proof
  if (address === null) return proof
  const found = locations.map((location) => placeAt(location, firewall, address))
  const isThere = found.some((place) => typeof place !== 'string' && place.hasAddress)
  if (isThere) return { ...proof, removed: false }
  return { ...proof, removed: found.some((place) => typeof place === 'string') ? null : true }
}

/** Returns what all families say together: one that could not be tested counts where no other was. */
export function outcomeOf(families: readonly FamilyProof[]): BanProofOutcome {
  const outcomes = families.map(({ outcome }) => outcome)
  if (outcomes.includes('not_blocked')) return 'not_blocked'
  return outcomes.includes('blocked') ? 'blocked' : 'unknown'
}

function placeAt(location: Location, firewall: FirewallSeen, address: string): ProofPlace | string {
  const found = findAt(location, firewall)
  if (typeof found === 'string') return found
  return {
    name: nameLocation(location),
    hasAddress: indexEntries(found.entries).has(address),
    isUsed: found.isUsed,
    rules: rulesAt(location, firewall, address),
  }
}

/** Returns the rules of iptables that lead to a place, and the one in it that blocks the address. */
function rulesAt(location: Location, firewall: FirewallSeen, address: string): string[] {
  if (location.kind === 'nftables') return []
  const rules = location.family === 4 ? firewall.iptables : firewall.ip6tables
  if ('why' in rules) return []
  const leads = rules.value.filter((rule) =>
    location.kind === 'ipset'
      ? rule.set === location.set
      : rule.target === location.chain ||
        (rule.chain === location.chain && rule.source?.replace(/\/(?:32|128)$/, '') === address),
  )
  return leads.map(({ text }) => text)
}

function whyNot(places: readonly ProofPlace[]): string {
  const names = places.map(({ name }) => name).join(', ')
  return places.some(({ hasAddress }) => hasAddress)
    ? `The address was in the ${names}, but no firewall rule leads there.`
    : `fail2ban listed the address as banned, but it did not appear in the ${names}.`
}
