export { createWireHost } from './testing/wire-host.ts'
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PrivateDaemonOptions } from './private-daemon.ts'

/** A fail2ban to test with. Given to `createPrivateDaemon`, it chooses the programs. */
export interface TestedFail2ban extends Pick<PrivateDaemonOptions, 'binDir'> {
  /** such as `1.0.2` */
  readonly version: string
}

/**
 * Returns the versions of fail2ban that tests can run here, the oldest first: the installed one, and those that
 * `npm test -- --install` has unpacked. It reports the others as not tested.
 */
export const findFail2banVersions = (): readonly TestedFail2ban[] => (known ??= lookForVersions())

/** Each program is run once in a worker, not once for each file of tests. */
let known: readonly TestedFail2ban[] | undefined

function lookForVersions(): TestedFail2ban[] {
  const folder = fileURLToPath(new URL('../../../node_modules/.cache/fail2ban', import.meta.url))
  const installed = versionOf('fail2ban-client')
  const found = [
    ...(installed === undefined ? [] : [{ version: installed }]),
    ...unpackedIn(folder).filter(({ version }) => version !== installed),
  ]
  return found.toSorted((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }))
}

function unpackedIn(folder: string): TestedFail2ban[] {
  return listFolder(folder)
    .map((version) => ({ version, binDir: join(folder, version, 'bin') }))
    .filter(({ version, binDir }) => versionOf(join(binDir, 'fail2ban-client')) === version)
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // nothing was unpacked here
  }
}

function versionOf(client: string): string | undefined {
  const { status, stdout } = spawnSync(client, ['-V'], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}
