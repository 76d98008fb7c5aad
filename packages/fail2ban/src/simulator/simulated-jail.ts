import { canonical, createBanTable, type SimulatedBan } from './ban-table.ts'
import { createFailureCounter } from './failure-counter.ts'
import type { WriteLog } from './simulated-log.ts'

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
  /** Counts a failure. Returns whether it caused a ban. */
  addFailure(address: string): boolean
  /** Bans. Returns false where the address is banned already. */
  ban(address: string, duration?: number): boolean
  /** Ends the bans of an address, or of all in a network. Returns how many there were. */
  unban(address: string): number
  unbanAll(): number
  isBanned(address: string): boolean
}

/** Creates a jail; `now` gives epoch milliseconds, `writeLog` takes what fail2ban would log. */
export const createSimulatedJail = (
  options: SimulatedJailOptions,
  now: () => number,
  writeLog: WriteLog = () => undefined,
): SimulatedJail => {
  const { name, backend = 'polling', logPaths = [`/var/log/${name}.log`] } = options
  const settings = {
    bantime: options.bantime ?? 600,
    findtime: options.findtime ?? 600,
    maxretry: options.maxretry ?? 5,
  }
  const totals = { failed: 0, banned: 0 }
  const onEnd = (address: string) => writeLog({ type: 'unban', jail: name, address })
  const bans = createBanTable({ now, onEnd })
  const failures = createFailureCounter({ now, findtime: () => settings.findtime })

  const ban = (text: string, duration = settings.bantime): boolean => {
    const address = bans.add(text, duration)
    if (address === undefined) return false
    totals.banned++
    failures.forget(address)
    writeLog({ type: 'ban', jail: name, address })
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
      return failures.count()
    },
    get bans() {
      return bans.list()
    },
    get banCount() {
      return bans.count()
    },
    addFailure(text) {
      const address = canonical(text)
      totals.failed++
      const count = failures.add(address)
      writeLog({ type: 'found', jail: name, address })
      return count >= settings.maxretry && ban(address)
    },
    ban,
    unban: bans.end,
    unbanAll: bans.endAll,
    isBanned: bans.has,
  }
}
