import { singleFlight } from '@bangui/async'
import type { Fail2banHost } from '@bangui/fail2ban'
import { expectConfigured, findMissingJails, runningJailsOf, type Jail } from '@bangui/shared'
import { isDeepStrictEqual } from 'node:util'
import { createMemoryStore } from '../../state/memory-store.ts'
import type { StateStore, Store } from '../../state/state-store.ts'
import { createRememberedJails, type RememberedJails } from './remembered-jails.ts'
import { createIdleJails } from './idle-jails.ts'

/** The jails as last listed, and the way to look again. */
export interface JailList {
  readonly store: Store<readonly Jail[] | null>
  /** jails that BanGUI itself stopped, or whose absence somebody dismissed: they are not missing */
  readonly stopped: RememberedJails
  /** jails that somebody set idle through BanGUI */
  readonly idle: RememberedJails
  /** Lists the jails again; concurrent calls share one listing. @throws HostError config_unreadable */
  refresh(): Promise<readonly Jail[]>
}

/** Keeps the list of jails that the live streams show. */
export function createJailList(options: {
  readonly host: Pick<Fail2banHost, 'jails' | 'config'>
  readonly state: StateStore
  /** @default forgotten with the process */
  readonly idle?: RememberedJails
  /** @default forgotten with the process */
  readonly stopped?: RememberedJails
  /** called with each list; never rejects @default nothing */
  readonly onListed?: (jails: readonly Jail[]) => Promise<void>
}): JailList {
  const idle = options.idle ?? createIdleJails()
  const stopped = options.stopped ?? createRememberedJails('stopped_jails')
  const store = createMemoryStore<readonly Jail[] | null>({
    initial: null,
    differs: (before, after) => !isDeepStrictEqual(before, after),
  })
  const refresh = singleFlight(async () => {
    const [listed, notices] = await Promise.allSettled([
      options.host.jails.list(),
      options.host.config.listNotices(),
    ])
    if (notices.status === 'fulfilled')
      await options.state.update((state) => ({ ...state, configNotices: notices.value }))
    if (listed.status === 'rejected') throw listed.reason
    const jails = listed.value.map((jail) => withIdle(jail, idle))
    await options.onListed?.(jails)
    await store.update(() => jails)
    await options.state.update((state) => ({ ...state, configuredJails: jails.length }))
    return jails
  })
  return { store, stopped, idle, refresh }
}

/** Returns the listed jails that the configuration switches on, and that do not run. */
export const missingOf = (jails: readonly Jail[]): string[] =>
  findMissingJails(expectConfigured(jails), runningJailsOf(jails))

/** Returns a jail with its idle flag. A jail may look stopped because the daemon did not answer in time, so its flag is kept. */
export const withIdle = <TJail extends Jail>(jail: TJail, idle: RememberedJails): TJail =>
  jail.running && idle.has(jail.name) ? { ...jail, idle: true } : jail
