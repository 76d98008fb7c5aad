import type { ChangeExpect } from './change.ts'
import type { Jail } from './jail.ts'

/** Returns the jails that should run, and do not. */
export function findMissingJails(
  { before, running, stopped }: ChangeExpect,
  now: readonly string[],
): string[] {
  const wanted = new Set([...before, ...running])
  return [...wanted].filter((name) => !stopped.includes(name) && !now.includes(name))
}

/** Returns what is expected where nothing but these jails should run. */
export const expectRunning = (running: readonly string[]): ChangeExpect => ({
  before: [],
  running,
  stopped: [],
})

/**
 * Returns what is expected of listed jails: those that the configuration switches on run. fail2ban leaves out a jail that waits for its
 * log, as configured.
 */
export const expectConfigured = (
  jails: readonly Pick<Jail, 'name' | 'enabled' | 'waitsForLog'>[],
): ChangeExpect =>
  expectRunning(
    jails.flatMap(({ name, enabled, waitsForLog }) => (enabled && waitsForLog !== true ? [name] : [])),
  )

/** Returns the names of the listed jails that run. */
export const runningJailsOf = (jails: readonly Pick<Jail, 'name' | 'running'>[]): string[] =>
  jails.flatMap(({ name, running }) => (running ? [name] : []))
