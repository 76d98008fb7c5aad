import { contains, isWholeFamily, parseAddress } from '@bangui/shared'
import type { Tell } from './simulated-log.ts'

export interface SimulatedJailOptions {
  readonly name: string
  /** seconds, -1 is permanent @default 600 */
  readonly bantime?: number
  /** seconds @default 600 */
  readonly findtime?: number
  /** @default 5 */
  readonly maxretry?: number
  /** @default ['/var/log/<name>.log'] */
  readonly logPaths?: readonly string[]
  /** @default 'polling' */
  readonly backend?: string
}

export interface SimulatedBan {
  readonly address: string
  /** epoch milliseconds */
  readonly since: number
  /** seconds, -1 is permanent */
  readonly duration: number
}

/** One jail of the simulator: counts failures, bans, and lets bans end, as fail2ban does. */
export interface SimulatedJail {
  readonly name: string
  readonly backend: string
  readonly logPaths: readonly string[]
  readonly settings: { bantime: number; findtime: number; maxretry: number }
  readonly totals: { failed: number; banned: number }
  /** addresses and networks that are ignored, in the order they came */
  readonly ignored: Set<string>
  isIdle: boolean
  readonly currentlyFailed: number
  readonly bans: readonly SimulatedBan[]
  readonly banCount: number
  /** Counts a failure; true when it made a ban. */
  addFailure(address: string): boolean
  /** Bans; false when it was banned already. */
  ban(address: string, duration?: number): boolean
  /** Ends the bans of an address, or of all in a network; tells how many. */
  unban(address: string): number
  unbanAll(): number
  isBanned(address: string): boolean
}

const maxBans = 1_000_000
const maxTracked = 20_000
const maxRetryKept = 1000

/** Creates a jail; `now` gives epoch milliseconds, `tell` takes what fail2ban would log. */
export const createSimulatedJail = (
  options: SimulatedJailOptions,
  now: () => number,
  tell: Tell = () => undefined,
): SimulatedJail => {
  const { name, backend = 'polling', logPaths = [`/var/log/${name}.log`] } = options
  const settings = {
    bantime: options.bantime ?? 600,
    findtime: options.findtime ?? 600,
    maxretry: options.maxretry ?? 5,
  }
  const totals = { failed: 0, banned: 0 }
  const bans = new Map<string, SimulatedBan>()
  const failures = new Map<string, number[]>()
  /** no ban ends before */
  let nextEnd = Number.POSITIVE_INFINITY

  const end = (key: string): boolean => {
    const isEnded = bans.delete(key)
    if (isEnded) tell({ type: 'unban', jail: name, address: key })
    return isEnded
  }
  const expireBans = () => {
    if (now() < nextEnd) return
    nextEnd = Number.POSITIVE_INFINITY
    for (const [key, ban] of bans) {
      if (endOf(ban) <= now()) end(key)
      else nextEnd = Math.min(nextEnd, endOf(ban))
    }
  }
  const expireFailures = () => {
    const oldest = now() - settings.findtime * 1000
    for (const [key, times] of failures) {
      const kept = times.filter((time) => time > oldest)
      if (kept.length === 0) failures.delete(key)
      else failures.set(key, kept)
    }
  }
  const ban = (text: string, duration = settings.bantime): boolean => {
    expireBans()
    const key = canonical(text)
    if (bans.has(key) || bans.size >= maxBans) return false
    const made = { address: key, since: now(), duration }
    bans.set(key, made)
    nextEnd = Math.min(nextEnd, endOf(made))
    totals.banned++
    failures.delete(key)
    tell({ type: 'ban', jail: name, address: key })
    return true
  }

  return {
    name,
    backend,
    logPaths,
    settings,
    totals,
    ignored: new Set(),
    isIdle: false,
    get currentlyFailed() {
      expireFailures()
      return failures.size
    },
    get bans() {
      expireBans()
      return [...bans.values()]
    },
    get banCount() {
      expireBans()
      return bans.size
    },
    addFailure(text) {
      const key = canonical(text)
      totals.failed++
      const oldest = now() - settings.findtime * 1000
      const times = (failures.get(key) ?? []).filter((time) => time > oldest).slice(-maxRetryKept)
      times.push(now())
      if (!failures.has(key) && failures.size >= maxTracked)
        failures.delete(failures.keys().next().value ?? '')
      failures.set(key, times)
      tell({ type: 'found', jail: name, address: key })
      return times.length >= settings.maxretry && ban(key)
    },
    ban,
    unban(text) {
      expireBans()
      const target = parseAddress(text)
      if (!target?.text.includes('/')) return end(canonical(text)) ? 1 : 0
      const inside = [...bans.keys()].filter((key) => {
        const banned = parseAddress(key)
        return banned !== undefined && contains(target, banned)
      })
      for (const key of inside) end(key)
      return inside.length
    },
    unbanAll() {
      expireBans()
      const all = [...bans.keys()]
      for (const key of all) end(key)
      return all.length
    },
    isBanned(text) {
      expireBans()
      return bans.has(text)
    },
  }
}

const endOf = ({ since, duration }: SimulatedBan): number =>
  duration < 0 ? Number.POSITIVE_INFINITY : since + duration * 1000

/** The canonical text; fail2ban drops a prefix length of 0. */
function canonical(text: string): string {
  const address = parseAddress(text)
  if (!address) return text
  return isWholeFamily(address) ? address.text.replace('/0', '') : address.text
}
