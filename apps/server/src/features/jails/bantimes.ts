import { singleFlight } from '@bangui/async'
import type { Fail2banHost } from '@bangui/fail2ban'

/** The bantimes of the running jails, as the daemon has them now, which the configuration may not have. */
export interface Bantimes {
  /** Returns the seconds that a jail bans for, -1: permanent; undefined where that is not known. */
  get(jail: string): number | undefined
  /** Marks all bantimes as outdated: some jail's was set. */
  outdate(): void
  /** Returns whether the bantime of a jail is known, and no bantime was set since. */
  isCurrent(jail: string): boolean
  /** Asks the daemon; concurrent calls share a request. Returns the jails whose value has changed since the last call. */
  refresh(): Promise<readonly string[]>
}

/** Creates {@link Bantimes} without values. */
export function createBantimes(host: {
  readonly jails: Pick<Fail2banHost['jails'], 'listBantimes'>
}): Bantimes {
  let known: ReadonlyMap<string, number> = new Map()
  let isOutdated = false
  const look = singleFlight(async () => {
    isOutdated = false
    const listed = await host.jails.listBantimes().catch((error: unknown) => {
      isOutdated = true
      throw error
    })
    const before = known
    known = new Map(listed)
    return listed.filter(([jail, value]) => before.get(jail) !== value).map(([jail]) => jail)
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
