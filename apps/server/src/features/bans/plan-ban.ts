import { pacedChunks } from '@bangui/async'
import { isHostError } from '@bangui/fail2ban'
import {
  type BanInput,
  type BannedBy,
  MANUAL_JAIL,
  PERMANENT,
  type RefusedAddress,
  parseDuration,
} from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { allowListOf } from '../ignores/allow-list.ts'
import { jailNotThere } from '../jails/jail-not-there.ts'
import { createAddressSet, guardAddress, ownAddresses, refusalText } from './guard-address.ts'

export type PlanDeps = Pick<HostDeps, 'host' | 'config' | 'jails' | 'hostDb' | 'clock'>

/** fail2ban's default bantime. */
const DEFAULT_BANTIME_SECONDS = 600

/** Who asks, and from where. */
export interface Asker {
  readonly id: number
  readonly name: string
  readonly remoteAddress: string
}

/** The plan of a manual ban. */
export interface BanPlan {
  /** the jail that it goes to */
  readonly jail: string
  /** seconds, -1 is permanent */
  readonly duration: number
  readonly endedByBangui: boolean
  readonly needsManualJail: boolean
  /** canonical, each once */
  readonly addresses: readonly string[]
  readonly refused: readonly RefusedAddress[]
  /** what keeps BanGUI from knowing everything that the jail ignores, in sentences */
  readonly warnings: readonly string[]
}

/** Returns the plan of a ban, with the refused addresses. @throws AppError duration_invalid, jail_not_running */
export async function planBan(deps: PlanDeps, input: BanInput, asker: Asker): Promise<BanPlan> {
  const course = await chooseJail(deps, input)
  const jails = course.needsManualJail ? [input.jail] : [...new Set([input.jail, course.jail])]
  const allowed = input.force
    ? []
    : await Promise.all(jails.map((jail) => allowListOf(deps, jail, { isComplete: false })))
  const guard = {
    session: createAddressSet([asker.remoteAddress]),
    host: createAddressSet([...ownAddresses(deps.config), ...(await deps.host.daemon.info()).addresses]),
    allowed,
    force: input.force,
  }
  const addresses = new Set<string>()
  const refused = new Map<string, RefusedAddress>()
  for await (const chunk of pacedChunks(input.addresses, 500))
    for (const text of chunk) {
      const guarded = guardAddress(text, guard)
      const name = guarded.address?.text ?? text
      if (guarded.refusal === null) addresses.add(name)
      else {
        const message = refusalText(guarded.refusal, guarded.allowed)
        refused.set(name, { address: name, reason: guarded.refusal, message })
      }
    }
  const warnings = new Set(allowed.flatMap((list) => list.warnings))
  return { ...course, addresses: [...addresses], refused: [...refused.values()], warnings: [...warnings] }
}

/** Longer than the jail's own goes to the jail for manual bans; BanGUI ends shorter bans. */
async function chooseJail(deps: PlanDeps, { jail, duration: asked }: BanInput) {
  const bantime = await bantimeOf(deps, jail)
  const duration = asked === undefined ? bantime : readDuration(asked)
  if (duration === bantime) return { jail, duration, endedByBangui: false, needsManualJail: false }
  if (isLonger(bantime, duration)) return { jail, duration, endedByBangui: true, needsManualJail: false }
  const manual = await manualBantime(deps)
  if (manual === null || isLonger(duration, manual))
    return { jail: MANUAL_JAIL, duration, endedByBangui: false, needsManualJail: true }
  return { jail: MANUAL_JAIL, duration, endedByBangui: duration !== manual, needsManualJail: false }
}

function readDuration(asked: string | number): number {
  const seconds = parseDuration(asked)
  if (seconds === undefined || seconds === 0) throw new AppError('duration_invalid')
  return seconds
}

/** Returns whether a ban of `one` seconds lasts longer than one of `other` seconds; -1 is permanent. */
export const isLonger = (one: number, other: number) =>
  other !== PERMANENT && (one === PERMANENT || one > other)

async function bantimeOf(deps: PlanDeps, jail: string): Promise<number> {
  try {
    return (await deps.host.jails.getTuning(jail)).bantime ?? DEFAULT_BANTIME_SECONDS
  } catch (error) {
    throw isHostError(error, 'jail_unknown') ? await jailNotThere(deps, jail, error) : error
  }
}

/** Returns how long the jail for manual bans bans for, in seconds; null: it does not run. */
export async function manualBantime({ host }: Pick<PlanDeps, 'host'>): Promise<number | null> {
  try {
    return (await host.jails.getTuning(MANUAL_JAIL)).bantime ?? DEFAULT_BANTIME_SECONDS
  } catch (error) {
    if (isHostError(error, 'jail_unknown')) return null
    throw error
  }
}

export type BanDeps = PlanDeps &
  Pick<
    HostDeps,
    | 'archive'
    | 'events'
    | 'hostDb'
    | 'operations'
    | 'monitor'
    | 'state'
    | 'reconcile'
    | 'checkBans'
    | 'clock'
    | 'log'
  >

export interface WantedBan {
  readonly address: string
  /** for how many seconds from its beginning, where BanGUI ends it @default null, as long as the jail bans for */
  readonly duration?: number | null
  /** when BanGUI ends it, where a moment is wanted @default null */
  readonly until?: number | null
  /** The archive's id of the ban that this one restores after an unban. @default a new ban */
  readonly restores?: number | undefined
}

/** Bans of canonical addresses that were checked already. */
export interface BanRequest {
  readonly jail: string
  readonly bans: readonly WantedBan[]
  readonly by: BannedBy
  readonly reason: string | null
  /** the id of the operation */
  readonly operation: string
  /** none of the addresses is banned, as far as BanGUI knows @default false */
  readonly areNew?: boolean
}
