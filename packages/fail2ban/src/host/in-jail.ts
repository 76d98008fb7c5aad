import { isJailName } from '@bangui/shared'
import { isUnknownJail, listRunningJails } from '../commands.ts'
import type { DaemonConnection } from '../connection.ts'
import { JailUnknownError } from '../errors.ts'
import { deadlines } from './local-host-context.ts'

/** Runs work about one jail. @throws JailUnknownError for an invalid name, or a jail that the daemon does not have */
export async function inJail<TResult>(jail: string, work: () => Promise<TResult>): Promise<TResult> {
  if (!isJailName(jail)) throw new JailUnknownError(jail)
  try {
    return await work()
  } catch (error) {
    throw isUnknownJail(error) ? new JailUnknownError(jail) : error
  }
}

/**
 * As {@link inJail}, but looks at the list of jails first: fail2ban logs every command about a jail that it does not have
 * as an ERROR.
 */
export async function inRunningJail<TResult>(
  connection: DaemonConnection,
  jail: string,
  work: () => Promise<TResult>,
): Promise<TResult> {
  return inJail(jail, async () => {
    const jails = await listRunningJails(connection, deadlines.read)
    if (!jails.includes(jail)) throw new JailUnknownError(jail)
    return work()
  })
}
