import { singleFlight } from '@bangui/async'
import type { Fail2banHost } from '@bangui/fail2ban'
import type { Jail } from '@bangui/shared'
import { isDeepStrictEqual } from 'node:util'
import { createMemoryStore } from '../../state/memory-store.ts'
import type { StateStore, Store } from '../../state/state-store.ts'
import { createRememberedJails, type RememberedJails } from './remembered-jails.ts'
import { createIdleJails } from './idle-jails.ts'

/** The jails as last listed, and the way to look again. */
export interface JailList {
  readonly store: Store<readonly Jail[] | null>
  /** jails that BanGUI itself stopped, or whose absence somebody dismissed: nobody is to miss them */
  readonly stopped: RememberedJails
  /** jails that BanGUI let rest */
  readonly idle: RememberedJails
  /** Lists the jails anew; many at once cause one look. @throws ConfigUnreadableError */
  refresh(): Promise<readonly Jail[]>
}

/** Keeps the list of jails that the live streams show. */
export function createJailList(options: {
  readonly host: Pick<Fail2banHost, 'listJails' | 'listConfigNotices'>
  readonly state: StateStore
  /** @default forgotten with the process */
  readonly idle?: RememberedJails
  /** @default forgotten with the process */
  readonly stopped?: RememberedJails
  /** given each list; never rejects @default nothing */
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
      options.host.listJails(),
      options.host.listConfigNotices(),
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

/** Whether a jail should run and does not. One that waits for its log is left out by fail2ban as its configuration wants it. */
export const isMissing = (jail: Jail): boolean => jail.enabled && !jail.running && jail.waitsForLog !== true

/** A jail with whether it rests. One that does not seem to run may only not have been asked in time: it is not forgotten. */
export const withIdle = <TJail extends Jail>(jail: TJail, idle: RememberedJails): TJail =>
  jail.running && idle.has(jail.name) ? { ...jail, idle: true } : jail
