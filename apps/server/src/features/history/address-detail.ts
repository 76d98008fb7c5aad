import { withTimeout } from '@bangui/async'
import { isHostError } from '@bangui/fail2ban'
import { createCover, networkOf, parseAddress, type Address, type AddressDetail } from '@bangui/shared'
import type { ScopeDeps } from '../../deps.ts'
import { withHostKey } from '../../hosts/with-host-key.ts'
import type { HostContext } from '../../hosts/host-context.ts'
import { findRecordedSince } from '../stats/recorded-since.ts'
import { AppError } from '../../lib/errors.ts'

type DetailDeps = Pick<ScopeDeps, 'archive' | 'geo' | 'scope' | 'isAll' | 'appState' | 'clock'>
type AskedHost = Pick<HostContext, 'key' | 'host' | 'jails' | 'state'>

/** How long the page waits for the ignore lists of the daemon. */
const IGNORE_LISTS_TIMEOUT_MS = 1_500

/**
 * Returns everything about one address or network, or about another text that fail2ban banned.
 * @throws AppError addresses_invalid
 */
export async function describeAddress(
  deps: DetailDeps,
  text: string,
  signal?: AbortSignal,
): Promise<AddressDetail> {
  const address = parseAddress(text.trim())
  const name = address?.text ?? text
  const [archived, recorded, places, ignoring] = await Promise.all([
    deps.archive.describeAddress(name),
    findRecordedSince(deps, { source: 'archive' }),
    deps.geo.lookup([name], signal),
    address ? listIgnoring(deps.scope, address) : null,
  ])
  if (!address && archived.totals.bans === 0) throw new AppError('addresses_invalid', { address: name })
  const { country = null, asn = null, organisation = null } = places.get(name) ?? {}
  return {
    address: name,
    kind: address?.kind ?? 'unknown',
    country,
    asn,
    organisation,
    network: address ? networkAround(address) : null,
    ...archived,
    active: withHostKey(deps, archived.active),
    bans: withHostKey(deps, archived.bans),
    recordedSince: recorded.singleBans,
    ignoredBy: ignoring && [...new Set(ignoring.map(({ jail }) => jail))],
    ...(deps.isAll && ignoring && { ignoredOn: ignoring }),
  }
}

function networkAround(address: Address): string | null {
  const network = networkOf(address).text
  return network === address.text ? null : network
}

interface IgnoringJail {
  readonly host: string
  readonly jail: string
}

/** Returns the running jails that ignore an address, with their hosts; null: no daemon answers in time. */
async function listIgnoring(scope: readonly AskedHost[], address: Address): Promise<IgnoringJail[] | null> {
  const ofHosts = await Promise.all(
    scope.map(async (host) => {
      const jails = await listIgnoringOf(host, address)
      return jails?.map((jail) => ({ host: host.key, jail })) ?? null
    }),
  )
  const known = ofHosts.filter((jails) => jails !== null)
  return known.length > 0 ? known.flat() : null
}

async function listIgnoringOf(deps: AskedHost, address: Address): Promise<string[] | null> {
  const { online, responding, activity } = deps.state.get().serverStatus
  if (!online || !responding || activity) return null
  try {
    const work = () => askJails(deps, address)
    return await withTimeout(work, { milliseconds: IGNORE_LISTS_TIMEOUT_MS, onTimeout: () => null })
  } catch {
    // the daemon went offline meanwhile
    return null
  }
}

async function askJails({ host, jails }: AskedHost, address: Address): Promise<string[]> {
  const all = jails.store.get() ?? (await jails.refresh())
  const running = all.filter((jail) => jail.running).map(({ name }) => name)
  const ignores = await Promise.all(running.map((jail) => ignoresIt(host, jail, address)))
  return running.filter((_jail, index) => ignores[index])
}

/** A single jail that cannot be asked counts as not ignoring the address; without the daemon nothing is known about any jail. */
async function ignoresIt(host: AskedHost['host'], jail: string, address: Address): Promise<boolean> {
  try {
    return holds(await host.jails.listIgnored(jail), address)
  } catch (error) {
    if (isHostError(error, 'daemon_unavailable')) throw error
    return false
  }
}

const holds = (ignored: readonly string[], address: Address) =>
  createCover(ignored.flatMap((text) => parseAddress(text) ?? []))(address).length > 0
