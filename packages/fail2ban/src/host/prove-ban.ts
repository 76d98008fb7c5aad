import { randomBytes, randomInt } from 'node:crypto'
import { sleep } from '@bangui/async'
import { parseAddress, type BanProof, type FamilyProof } from '@bangui/shared'
import { banAddresses, unbanAddresses } from '../ban-commands.ts'
import { isYes } from '../config/options.ts'
import { Fail2banCommandError, Fail2banUnavailableError, OutcomeUnknownError } from '../errors.ts'
import { blocksItself } from '../health/action-kinds.ts'
import { listFirewall, usedPrograms } from '../health/collect/collect-firewall.ts'
import { createObserver } from '../health/create-observer.ts'
import { indexEntries } from '../health/firewall/entry-index.ts'
import { findAt, locationsOf } from '../health/firewall/locations.ts'
import type { HealthMemory } from '../health/health-memory.ts'
import type { JailActions } from '../health/seen/daemon-seen.ts'
import type { FirewallSeen } from '../health/seen/firewall-seen.ts'
import type { HostLock } from './host-lock.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { judgeFamily, outcomeOf, withRemoval, type Look } from './judge-proof.ts'

/** How long an action may take to put an address into the firewall, or to take it out, in milliseconds. */
const FOLLOW_MS = 10_000
const LOOK_INTERVAL_MS = 500
const MAX_TRIES = 50

/** What a test of a jail's bans needs. */
export interface Proving {
  readonly memory: HealthMemory
  readonly lock: HostLock
}

/**
 * Bans an address of the ranges for documentation (RFC 5737, RFC 3849) in a jail, looks for it in the firewall, and unbans it. Nothing is
 * banned where the firewall could not be looked at, or where no action blocks. Returns what was seen.
 * @throws JailUnknownError, Fail2banUnavailableError
 */
export async function proveBan(context: LocalHostContext, jail: string, proving: Proving): Promise<BanProof> {
  const at = context.clock()
  await settleProofs(context)
  const prepared = await prepare(context, jail, proving.memory)
  const base = { jail, at, ended: true }
  if ('why' in prepared) {
    const families = ([4, 6] as const).map((family) => unproven(family, prepared))
    return { ...base, outcome: prepared.outcome, families }
  }
  const { looks, actions } = prepared
  const tested = looks.filter(({ address }) => address !== null)
  const addresses = tested.flatMap(({ address }) => address ?? [])
  await context.proofs.begin(jail, addresses)
  let seen: FamilyProof[] = []
  let ended = false
  try {
    await proving.lock.batch(() => banAddresses(context.connection, jail, addresses))
    seen = await lookUntil(actions, (firewall) => {
      const families = tested.map((look) => judgeFamily(look, firewall))
      return { families, isDone: families.every(({ outcome }) => outcome !== 'not_blocked') }
    })
  } finally {
    ended = await proving.lock.batch(() => endProof(context, jail, addresses))
  }
  if (ended)
    seen = await lookUntil(actions, (firewall) => {
      const families = tested.flatMap((look, index) => {
        const proof = seen[index]
        return proof ? [withRemoval(proof, look, firewall)] : []
      })
      return { families, isDone: families.every(({ removed }) => removed !== false) }
    })
  const families = looks.map(
    ({ family, why }) =>
      seen.find((proof) => proof.family === family) ??
      unproven(family, { outcome: 'unknown', why: why ?? '' }),
  )
  return { ...base, outcome: outcomeOf(families), families, ended }
}

/** Ends test bans that could not be ended, as far as fail2ban answers: the next test and the next start end the others. */
export async function settleProofs(context: LocalHostContext): Promise<void> {
  const open = Map.groupBy(await context.proofs.listOpen(), ({ jail }) => jail)
  for (const [jail, proofs] of open)
    await endProof(
      context,
      jail,
      proofs.map(({ address }) => address),
    )
}

/** Unbans the addresses of a test. Returns whether they are unbanned. */
async function endProof(
  context: LocalHostContext,
  jail: string,
  addresses: readonly string[],
): Promise<boolean> {
  try {
    await unbanAddresses(context.connection, jail, addresses)
  } catch (error) {
    if (error instanceof Fail2banUnavailableError || error instanceof OutcomeUnknownError) return false
    // the jail has gone, and with it its bans
    if (!(error instanceof Fail2banCommandError)) throw error
  }
  await context.proofs.end(jail, addresses)
  return true
}

interface Unprovable {
  readonly outcome: 'not_blocked' | 'unknown'
  readonly why: string
}

const unproven = (family: 4 | 6, { outcome, why }: Unprovable): FamilyProof => ({
  family,
  address: null,
  outcome,
  places: [],
  why,
  removed: null,
})

interface Prepared {
  readonly actions: JailActions
  readonly looks: readonly Look[]
}

/** Returns where to look for which addresses; a reason where nothing can be seen, or nothing blocks. */
async function prepare(
  context: LocalHostContext,
  jail: string,
  memory: HealthMemory,
): Promise<Prepared | Unprovable> {
  const observer = createObserver(context, memory)
  const all = await observer.observe('actions')
  if ('why' in all) return { outcome: 'unknown', why: all.why }
  const actions = all.value.find((one) => one.jail === jail)
  const blocking = actions?.actions.filter(blocksItself) ?? []
  if (!actions || blocking.length === 0)
    return {
      outcome: 'not_blocked',
      why: `No action of ${jail} blocks addresses; its actions only report or record bans.`,
    }
  const unknown = blocking.find((action) => locationsOf(action).length === 0)
  if (unknown)
    return { outcome: 'unknown', why: `BanGUI cannot see where the action ${unknown.name} blocks addresses.` }
  const firewall = await observer.observe('firewall')
  if ('why' in firewall) return { outcome: 'unknown', why: firewall.why }
  const [bans, config] = [await observer.observe('bans'), await observer.observe('config')]
  const banned = 'value' in bans ? bans.value.flatMap(({ addresses }) => addresses) : []
  const ipv6 = 'value' in config ? config.value.stream?.allowIpv6?.toLowerCase() : undefined
  const isOff = ipv6 !== undefined && ipv6 !== null && ipv6 !== 'auto' && !isYes(ipv6)
  const looks = ([4, 6] as const).map((family): Look => {
    const locations = blocking.flatMap(locationsOf).filter((location) => location.family === family)
    const none = { family, address: null, locations }
    if (family === 6 && isOff) return { ...none, why: 'IPv6 is disabled in fail2ban (allowipv6).' }
    const found = locations.map((location) => findAt(location, firewall.value))
    const why = found.find((one) => typeof one === 'string')
    if (why !== undefined) return { ...none, why }
    const taken = [...banned, ...found.flatMap((one) => (typeof one === 'string' ? [] : one.entries))]
    const address = chooseAddress(family, taken)
    return address === undefined
      ? { ...none, why: 'All the documentation addresses that BanGUI tried are already banned.' }
      : { family, address, locations, why: null }
  })
  if (looks.every(({ address }) => address === null)) return { outcome: 'unknown', why: looks[0]?.why ?? '' }
  return { actions, looks }
}

/** Returns an address of the ranges for documentation that is not among others, nor in a network of theirs. */
function chooseAddress(family: 4 | 6, taken: readonly string[]): string | undefined {
  const index = indexEntries(taken)
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const groups = randomBytes(12).toString('hex').match(/.{4}/g) ?? []
    const text = family === 4 ? `192.0.2.${randomInt(1, 255)}` : `2001:db8:${groups.join(':')}`
    const address = parseAddress(text)?.text
    if (address !== undefined && !index.has(address)) return address
  }
  return undefined
}

interface Seen {
  readonly families: FamilyProof[]
  readonly isDone: boolean
}

/** Looks into the firewall until it is as expected, or too long; returns what was seen last. */
async function lookUntil(
  actions: JailActions,
  judge: (firewall: FirewallSeen) => Seen,
): Promise<FamilyProof[]> {
  const programs = usedPrograms([actions])
  const end = performance.now() + FOLLOW_MS
  for (;;) {
    const { families, isDone } = judge(await listFirewall(programs))
    if (isDone || performance.now() > end) return families
    await sleep(LOOK_INTERVAL_MS)
  }
}
