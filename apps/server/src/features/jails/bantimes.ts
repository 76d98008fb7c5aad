import { singleFlight } from '@bangui/async'
import type { Fail2banHost } from '@bangui/fail2ban'

/** How long the jails that run ban for, as the daemon has it now and not as the configuration has it. */
export interface Bantimes {
  /** Returns the seconds that a jail bans for, -1: permanent; undefined where that is not known. */
  get(jail: string): number | undefined
  /** A bantime was set since the last look, of whichever jail. */
  outdate(): void
  /** Whether the bantime of a jail is known, and none was set since. */
  isCurrent(jail: string): boolean
  /** Asks the daemon; concurrent calls share a look. Returns the jails whose value has changed since the look before. */
  refresh(): Promise<readonly string[]>
}

/** Knows nothing before the first look. */
export function createBantimes(host: Pick<Fail2banHost, 'listBantimes'>): Bantimes {
  let known: ReadonlyMap<string, number> = new Map()
  let isOutdated = false
  const look = singleFlight(async () => {
    isOutdated = false
    const found = await host.listBantimes().catch((error: unknown) => {
      isOutdated = true
      throw error
    })
    const before = known
    known = found
    return [...found].filter(([jail, value]) => before.get(jail) !== value).map(([jail]) => jail)
  })
  return {
    get: (jail) => known.get(jail),
    outdate: () => {
      isOutdated = true
    },
    isCurrent: (jail) => !isOutdated && known.has(jail),
    async refresh() {
      const changed = await look()
      // a bantime that was set while they were listed may be missing in the list
      return isOutdated ? [...new Set([...changed, ...(await look())])] : changed
    },
  }
}
