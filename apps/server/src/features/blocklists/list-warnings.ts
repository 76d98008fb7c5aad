import { isHostError } from '@bangui/fail2ban'
import {
  formatDuration,
  LISTS_JAIL,
  PERMANENT,
  prefixOf,
  type ListEntries,
  type BlocklistPreview,
  type BlocklistWarning,
} from '@bangui/shared'
import type { StoredList } from '@bangui/db'
import type { HostDeps } from '../../deps.ts'
import { longestPause } from '../../lib/schedule.ts'

/** A restart of fail2ban that takes longer than this is worth a warning, in seconds. */
const SLOW_RESTART_SECONDS = 60

/** How many entries an ipset has room for, unless it is made with another number (ipset(8), maxelem). */
const IPSET_ENTRIES = 65_536

type SetLimit = BlocklistPreview['setLimit']

/** Returns whether the jail runs that BanGUI sets up for lists. */
export const isJailForLists = ({ jails }: Pick<HostDeps, 'jails'>): boolean =>
  jails.store.get()?.some(({ name, running }) => name === LISTS_JAIL && running) ?? false

/** The action of a jail that keeps its bans in a set of limited size, or in one that holds no networks. */
interface SetAction {
  readonly action: string
  readonly max: number | null
  readonly holdsNetworks: boolean
}

/** Returns the actions of a jail that keep bans in a set of the firewall. */
async function setActionsOf({ host }: Pick<HostDeps, 'host'>, jail: string): Promise<SetAction[]> {
  try {
    const settings = await host.config.listSettings('jail', jail)
    return settings
      .filter(({ key }) => key === 'actionstart')
      .flatMap(({ section, value }) => setActionOf(section.replace(/^action\.d\//, ''), value) ?? [])
  } catch (error) {
    // nothing is claimed about a configuration that cannot be read
    if (isHostError(error)) return []
    throw error
  }
}

/** Returns what an action does at its start, as far as it makes a set. */
function setActionOf(action: string, command: string): SetAction | undefined {
  if (/\bipset\b.*\b(?:hash:ip\b|iphash)/s.test(command)) {
    const [, given] = /\bmaxelem[ =](\d+)/.exec(command) ?? []
    return { action, max: Number(given ?? IPSET_ENTRIES), holdsNetworks: true }
  }
  const isNftSet = /\badd set\b.*\btype ipv[46]_addr\b/s.test(command)
  return isNftSet
    ? { action, max: null, holdsNetworks: /\bflags\b[^;]*\binterval\b/.test(command) }
    : undefined
}

/** Returns the size that the set of a jail's action is limited to, with what it would have; null: no limit is known. */
export async function setLimitOf(
  deps: Pick<HostDeps, 'host'>,
  jail: string,
  wanted: number,
): Promise<SetLimit> {
  const limited = (await setActionsOf(deps, jail)).flatMap(({ action, max }) =>
    max === null ? [] : { action, max },
  )
  const [first] = limited.toSorted((one, other) => one.max - other.max)
  return first ? { ...first, wanted } : null
}

interface Planned {
  readonly guard: { readonly warnings: readonly string[] }
  readonly setLimit: SetLimit
  readonly restartSeconds: number | null
  readonly wanted: ListEntries
}

/** Returns what keeps a list from doing what it should, before it is imported. */
export async function listWarnings(
  deps: HostDeps,
  tried: Pick<StoredList, 'jail' | 'schedule' | 'zone'>,
  { guard, setLimit, restartSeconds, wanted }: Planned,
): Promise<BlocklistWarning[]> {
  const networks = wanted.ipv4.filter((entry) => prefixOf(entry) < 32).length
  const unheld =
    networks > 0 ? (await setActionsOf(deps, tried.jail)).find((one) => !one.holdsNetworks) : undefined
  return [
    ...scheduleWarnings(deps, tried),
    ...(setLimit && setLimit.wanted > setLimit.max ? [tooSmall(setLimit)] : []),
    ...(unheld ? [notHeld(unheld, networks)] : []),
    ...(restartSeconds !== null && restartSeconds > SLOW_RESTART_SECONDS
      ? [slowRestart(restartSeconds)]
      : []),
    ...guard.warnings.map((message): BlocklistWarning => ({ code: 'allow_list', message })),
  ]
}

const tooSmall = ({ action, max, wanted }: NonNullable<SetLimit>): BlocklistWarning => ({
  code: 'set_too_small',
  message: `The set of action ${action} has room for ${count(max)} addresses, and would need ${count(wanted)}: fail2ban would count the others as banned, but the firewall would let them through.`,
})

const notHeld = ({ action }: SetAction, networks: number): BlocklistWarning => ({
  code: 'networks_not_held',
  message: `The list has ${count(networks)} ${networks === 1 ? 'network' : 'networks'}, and the set of action ${action} takes single addresses only: the firewall would refuse ${networks === 1 ? 'it' : 'them'}.`,
})

const slowRestart = (seconds: number): BlocklistWarning => ({
  code: 'slow_restart',
  message: `fail2ban makes all bans again when it restarts. With this list, that takes about ${formatDuration(seconds)}.`,
})

const count = (value: number) => value.toLocaleString('en')

/** Returns what keeps a blocklist from doing what it should, by its jail and its schedule. */
export function scheduleWarnings(
  { bantimes, jails, clock }: Pick<HostDeps, 'bantimes' | 'jails' | 'clock'>,
  { jail, schedule, zone }: Pick<StoredList, 'jail' | 'schedule' | 'zone'>,
): BlocklistWarning[] {
  const warnings: BlocklistWarning[] = []
  const known = jails.store.get()
  if (known && !known.some(({ name, running }) => name === jail && running))
    warnings.push({
      code: 'jail_missing',
      message: `The jail ${jail} is not running, so nothing can be imported. Start the jail, or choose another jail.`,
    })
  const bantime = bantimes.get(jail)
  const pause = schedule === null ? 0 : longestPause({ schedule, zone }, clock()) / 1_000
  if (bantime !== undefined && bantime !== PERMANENT && pause > bantime)
    warnings.push({
      code: 'rarely_protects',
      message: `Bans of jail ${jail} last ${formatDuration(bantime)}, but up to ${formatDuration(pause)} pass between two imports, so the addresses are not banned all the time. Import the list more often, or choose a jail with longer bans.`,
    })
  return warnings
}
