import { createSignal } from 'solid-js'

/** A jail that was switched recently. */
export type RecentSwitch = { name: string; enabled: boolean; at: number }

/** How long the server observes fail2ban after a change. */
export const OBSERVATION_MS = 60_000

const [recent, setRecent] = createSignal<RecentSwitch | undefined>()

/** The last jail that was switched from this page. */
export const recentSwitch = recent

export const noteSwitch = (next: RecentSwitch | undefined): void => {
  setRecent(next)
}
