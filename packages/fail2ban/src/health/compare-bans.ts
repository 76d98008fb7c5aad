import { sleep } from '@bangui/async'
import type { BanComparison } from '@bangui/shared'
import type { LocalHostContext } from '../host/local-host-context.ts'
import { lookAtAll, type Look } from './checks/firewall-checks.ts'
import { createObserver } from './create-observer.ts'
import type { HealthMemory } from './health-memory.ts'

/** How long the firewall may take until it has the bans of a jail that was loaded, and between two looks, in milliseconds. */
const FOLLOW_TIMEOUT_MS = 5_000
const LOOK_INTERVAL_MS = 500

/** At most so many addresses are named. */
const SHOWN_ADDRESSES = 10

/**
 * Compares what jails ban with what the firewall blocks, and gives the firewall a moment to follow. Jails that ban nobody, or
 * block nobody by themselves, are left out. Never rejects: what cannot be seen has a reason.
 */
export async function compareBans(
  context: LocalHostContext,
  memory: HealthMemory,
  jails: readonly string[],
): Promise<BanComparison[]> {
  const until = performance.now() + FOLLOW_TIMEOUT_MS
  for (;;) {
    const found = await look(context, memory, jails)
    const isMissing = found.some(({ missing }) => missing > 0)
    if (!isMissing || performance.now() >= until) return found
    await sleep(LOOK_INTERVAL_MS)
  }
}

async function look(
  context: LocalHostContext,
  memory: HealthMemory,
  names: readonly string[],
): Promise<BanComparison[]> {
  const { observe } = createObserver(context, memory)
  const [bans, actions, firewall] = [
    await observe('bans'),
    await observe('actions'),
    await observe('firewall'),
  ]
  const unseen = [bans, actions, firewall].find((part) => 'why' in part)
  if ('value' in bans && 'value' in actions && 'value' in firewall) {
    const own = bans.value.filter(({ jail }) => names.includes(jail))
    return lookAtAll(own, actions.value, firewall.value).map(comparisonOf)
  }
  const why = unseen && 'why' in unseen ? unseen.why : 'BanGUI could not check this.'
  return names.map((jail) => ({ jail, banned: 0, missing: 0, addresses: [], why }))
}

const comparisonOf = ({ jail, banned, missing, why }: Look): BanComparison => ({
  jail,
  banned,
  missing: missing.length,
  addresses: missing.slice(0, SHOWN_ADDRESSES),
  why,
})
