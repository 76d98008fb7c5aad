import { parseDuration, type DaemonRuntimeKey } from '@bangui/shared'
import { isUnknownJail, jailArgument, listRunningJails } from './commands.ts'
import type { DaemonConnection } from './connection.ts'
import { readCount, readSeconds } from './replies.ts'
import { CommandError } from './wire/encode-command.ts'

type Requests = Pick<DaemonConnection, 'request'>

/** A setting of a running jail that is a number; times in seconds, -1 is permanent. */
export type JailNumber = 'bantime' | 'findtime' | 'maxretry'

/** One setting of a running jail. @throws Fail2banCommandError for a jail that is not there */
export const getJailNumber = async (connection: Requests, jail: string, key: JailNumber): Promise<number> => {
  const value = await connection.request(['get', jailArgument(jail), key])
  return key === 'maxretry' ? readCount(value, key) : readSeconds(value, key)
}

/** How long each jail that runs bans for, in seconds, -1 is permanent. */
export const listBantimes = async (connection: Requests): Promise<ReadonlyMap<string, number>> => {
  const found = new Map<string, number>()
  const readOne = async (jail: string) => {
    try {
      found.set(jail, await getJailNumber(connection, jail, 'bantime'))
    } catch (error) {
      // it was stopped meanwhile
      if (!isUnknownJail(error)) throw error
    }
  }
  await Promise.all((await listRunningJails(connection)).map(readOne))
  return found
}

/** Returns a setting of fail2ban itself as text; null: it has none, as without a database. */
export async function getDaemonSetting(connection: Requests, key: DaemonRuntimeKey): Promise<string | null> {
  const value = await connection.request(['get', key])
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}

/**
 * Changes a setting of fail2ban itself. fail2ban evaluates times as Python, so only a duration may come here.
 * @throws Fail2banCommandError, CommandError
 */
export async function setDaemonSetting(
  connection: Requests,
  key: DaemonRuntimeKey,
  value: string,
): Promise<void> {
  if (key === 'dbpurgeage' && parseDuration(value) === undefined)
    throw new CommandError(`${value} is no duration.`)
  await connection.request(['set', key, value], { write: true })
}

/** Changes a setting of a running jail. fail2ban evaluates times as Python, so only a whole number may come here. */
export const setJailNumber = async (
  connection: Requests,
  jail: string,
  { key, value }: { readonly key: JailNumber; readonly value: number },
): Promise<void> => {
  if (!Number.isSafeInteger(value)) throw new TypeError('A setting of a jail is a whole number.')
  await connection.request(['set', jailArgument(jail), key, String(value)], { write: true })
}

/** Lets a jail ignore an address or network, or no longer; the text has to be canonical. */
export const setIgnored = async (
  connection: Requests,
  jail: string,
  { address, ignored }: { readonly address: string; readonly ignored: boolean },
): Promise<void> => {
  const verb = ignored ? 'addignoreip' : 'delignoreip'
  await connection.request(['set', jailArgument(jail), verb, address], { write: true })
}

/**
 * Empties the cache (`ignorecache`) in which a jail keeps for some minutes whether it ignores an address, and which it asks before its
 * list: setting it anew begins an empty one (`ignoreCache` in filter.py). Returns why that cannot be done; null: it is empty.
 */
export async function emptyIgnoreCache(connection: Requests, jail: string): Promise<string | null> {
  const cache = await connection.request(['get', jailArgument(jail), 'ignorecache'])
  if (!Array.isArray(cache)) return null
  const [key, count, seconds] = cache
  const quote = ['"', "'"].find((mark) => typeof key === 'string' && !key.includes(mark))
  if (quote === undefined || !Number.isSafeInteger(count) || !Number.isSafeInteger(seconds))
    return `${jail} has an ignorecache that BanGUI cannot empty: for some minutes, the jail can go on as before with addresses that failed shortly before the change.`
  const value = `key=${quote}${String(key)}${quote}, max-count=${String(count)}, max-time=${String(seconds)}`
  await connection.request(['set', jailArgument(jail), 'ignorecache', value], { write: true })
  return null
}

/** Lets a jail pause, or go on. */
export const setJailIdle = async (connection: Requests, jail: string, idle: boolean): Promise<void> => {
  await connection.request(['set', jailArgument(jail), 'idle', idle ? 'on' : 'off'], { write: true })
}
