import { listIgnores, type IgnoreRecord } from '@bangui/db'
import { isHostError, type RunningIgnores } from '@bangui/fail2ban'
import {
  createCover,
  formatDuration,
  parseAddress,
  showHidden,
  type Address,
  type IgnoreCheck,
} from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { hasEnded, isFor, isManual } from './ignore-plan.ts'

export type CheckDeps = Pick<HostDeps, 'host' | 'hostDb' | 'archive' | 'jails' | 'clock'>

type JailCheck = IgnoreCheck['jails'][number]

/** Returns by which jails an address would be banned after enough failures, each with the reason. @throws AppError addresses_invalid */
export async function checkAddress(deps: CheckDeps, text: string): Promise<IgnoreCheck> {
  const address = parseAddress(text)
  if (!address) throw new AppError('addresses_invalid', { address: text })
  const now = deps.clock()
  const entries = (await listIgnores(deps.hostDb)).filter((entry) => !hasEnded(entry, now))
  const running = await deps.host.ignores.listRunning()
  const names = [...new Set(running.flatMap((list) => list.entries.filter((entry) => !parseAddress(entry))))]
  const facts: Facts = {
    address,
    entries,
    resolved: new Map(
      (await deps.host.ignores.resolve(names.slice(0, MAX_NAMES)).catch(() => [])).map(
        ({ name, addresses }) => [name, addresses],
      ),
    ),
    own: (await deps.host.daemon.info()).addresses,
    banned: new Set((await deps.archive.findCovers([address.text])).map(({ by }) => by.jail)),
  }
  const others = (deps.jails.store.get() ?? []).filter(
    (jail) => !running.some((list) => list.jail === jail.name),
  )
  const checked = await Promise.all(running.map((list) => checkJail(deps, list, facts)))
  const off = others.map(({ name }) => never(name, 'The jail is not running.'))
  return {
    address: address.text,
    jails: [...checked, ...off].toSorted((one, other) => (one.jail < other.jail ? -1 : 1)),
  }
}

const MAX_NAMES = 100

interface Facts {
  readonly address: Address
  readonly entries: readonly IgnoreRecord[]
  /** host names with their addresses */
  readonly resolved: ReadonlyMap<string, readonly string[]>
  /** the addresses of the machine */
  readonly own: readonly string[]
  /** the jails that ban it now */
  readonly banned: ReadonlySet<string>
}

const never = (jail: string, reason: string): JailCheck => ({ jail, wouldBan: false, certain: true, reason })

async function checkJail(deps: CheckDeps, list: RunningIgnores, facts: Facts): Promise<JailCheck> {
  const { jail } = list
  if (isManual(jail)) return never(jail, 'The jail reads no log: it only has the bans that people make.')
  if (deps.jails.idle.has(jail)) return never(jail, 'The jail is paused.')
  const ignored = whyIgnored(list, facts)
  if (ignored !== null) return never(jail, ignored)
  const doubt = await doubtOf(deps, list, facts)
  if (doubt.ignored !== null) return never(jail, doubt.ignored)
  const reason = await whyBanned(deps, jail, facts)
  if (doubt.why === null) return { jail, wouldBan: true, certain: true, reason }
  return { jail, wouldBan: true, certain: false, reason: `${reason} ${doubt.why}` }
}

function whyIgnored({ jail, entries, self }: RunningIgnores, facts: Facts): string | null {
  const { address } = facts
  for (const entry of entries) {
    const texts = parseAddress(entry) ? [entry] : (facts.resolved.get(entry) ?? [])
    if (!covers(texts, address)) continue
    const what = texts.includes(entry) ? entry : `${entry} (${texts.join(', ')})`
    const own = facts.entries.find((one) => one.address === entry && isFor(one, jail))
    if (own === undefined)
      return `Its ignore list has ${what}, from fail2ban’s configuration or set until the next load.`
    const note = own.note === null ? '' : `: “${showHidden(own.note)}”`
    return `The allow list has ${what}, added by ${showHidden(own.by)}${note}.`
  }
  if (self && covers(facts.own, address))
    return 'It is an address of this server, which the jail never bans (ignoreself).'
  return null
}

const covers = (texts: readonly string[], address: Address): boolean =>
  createCover(texts.flatMap((text) => parseAddress(text) ?? []))(address).length > 0

interface Doubt {
  /** why it is never banned after all */
  readonly ignored: string | null
  /** why BanGUI cannot be certain, as a sentence */
  readonly why: string | null
}

/** Files and commands can let a jail ignore an address as well. */
async function doubtOf(
  { host }: CheckDeps,
  { jail, files, hasCommand }: RunningIgnores,
  { address }: Facts,
): Promise<Doubt> {
  const lists = files.length === 0 ? [] : (await host.jails.getIgnoreList(jail)).files
  const holder = lists.find(({ addresses }) => covers(addresses, address))
  if (holder)
    return { ignored: `The file ${holder.path}, which its ignore list reads, has the address.`, why: null }
  const problem = lists.find((file) => file.problem !== null)?.problem
  if (problem) return { ignored: null, why: problem }
  if (lists.some(({ others }) => others > 0))
    return {
      ignored: null,
      why: 'BanGUI does not look up the host names in the files of its ignore list.',
    }
  if (hasCommand)
    return {
      ignored: null,
      why: 'Its ignorecommand may still spare the address: BanGUI does not run that command.',
    }
  return { ignored: null, why: null }
}

async function whyBanned({ host }: CheckDeps, jail: string, { banned }: Facts): Promise<string> {
  if (banned.has(jail)) return 'It is banned there now.'
  try {
    const { maxretry, findtime } = await host.jails.getTuning(jail)
    if (maxretry === undefined || findtime === undefined) return 'After enough failures.'
    const failures =
      maxretry === 1
        ? 'At the first failure'
        : `After ${maxretry} failures within ${formatDuration(findtime)}`
    return `${failures}: nothing on the ignore list covers it.`
  } catch (error) {
    if (!isHostError(error, 'jail_unknown')) throw error
    return 'After enough failures.'
  }
}
