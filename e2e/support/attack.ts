import type { PrivateDaemon } from '@bangui/fail2ban'
import { DatabaseSync } from 'node:sqlite'

/** Makes addresses fail in a jail until each is banned. */
export async function attack(
  daemon: PrivateDaemon,
  jail: string,
  addresses: readonly string[],
): Promise<void> {
  for (const address of addresses)
    for (let failure = 0; failure < 3; failure += 1) await daemon.logFailure(jail, address)
}

/** Addresses of several countries in the bundled file. */
export const worldwide: readonly string[] = [
  '77.88.8.8',
  '77.88.8.9',
  '77.88.8.10',
  '114.114.114.114',
  '114.114.115.115',
  '8.8.8.8',
  '80.67.169.12',
  '195.186.1.110',
  '200.160.0.8',
  '2001:4860:4860::8888',
]

/** Kills a daemon before it has saved the bans of some addresses; it finds again what is in a log. */
export async function crashUnsaved(daemon: PrivateDaemon, addresses: readonly string[]): Promise<void> {
  await daemon.kill('SIGKILL')
  using database = new DatabaseSync(daemon.dbfile)
  for (const address of addresses) {
    database.prepare('DELETE FROM bans WHERE ip = ?').run(address)
    database.prepare('DELETE FROM bips WHERE ip = ?').run(address)
  }
}
