import type { Fail2banHost } from '@bangui/fail2ban'
import type { Jail } from '@bangui/shared'
import { isDeepStrictEqual } from 'node:util'
import { singleFlight } from '../../lib/single-flight.ts'
import { createMemoryStore } from '../../state/memory-store.ts'
import type { StateStore, Store } from '../../state/state-store.ts'
import { createRememberedJails, type RememberedJails } from './remembered-jails.ts'
import { createRestingJails } from './resting-jails.ts'

/** The jails as last listed, and the way to look again. */
export interface JailList {
  readonly store: Store<readonly Jail[] | null>
  /** jails that BanGUI itself stopped, or whose absence somebody dismissed: nobody is to miss them */
  readonly stopped: RememberedJails
  /** jails that BanGUI let rest */
  readonly resting: RememberedJails
  /** Lists the jails anew; many at once cause one look. @throws ConfigUnreadableError */
  refresh(): Promise<readonly Jail[]>
  /** The jails that are switched on and that fail2ban does not run, as they are set to wait for a log. */
  listLeftOut(): Promise<ReadonlySet<string>>
}

/** Keeps the list of jails that the live streams show. */
export function createJailList(options: {
  readonly host: Pick<Fail2banHost, 'listJails' | 'listLeftOut'>
  readonly state: StateStore
  /** @default forgotten with the process */
  readonly resting?: RememberedJails
  /** @default forgotten with the process */
  readonly stopped?: RememberedJails
  /** given each list; never rejects @default nothing */
  readonly onListed?: (jails: readonly Jail[]) => Promise<void>
}): JailList {
  const resting = options.resting ?? createRestingJails()
  const stopped = options.stopped ?? createRememberedJails('stopped_jails')
  const store = createMemoryStore<readonly Jail[] | null>({
    initial: null,
    differs: (before, after) => !isDeepStrictEqual(before, after),
  })
  const refresh = singleFlight(async () => {
    const jails = (await options.host.listJails()).map((jail) => withRest(jail, resting))
    await options.onListed?.(jails)
    await store.update(() => jails)
    await options.state.update((state) => ({ ...state, configuredJails: jails.length }))
    return jails
  })
  return { store, stopped, resting, refresh, listLeftOut: () => options.host.listLeftOut() }
}

/** A jail with whether it rests. One that does not seem to run may only not have been asked in time: it is not forgotten. */
export const withRest = <TJail extends Jail>(jail: TJail, resting: RememberedJails): TJail =>
  jail.running && resting.has(jail.name) ? { ...jail, idle: true } : jail
