import { parseAddress } from '@bangui/shared'
import { jailArgument } from './commands.ts'
import type { DaemonConnection } from './connection.ts'
import { readCount, readFileNames, readFlags, readJailLists, readTexts, readTextsOnly } from './replies.ts'
import { CommandError } from './wire/encode-command.ts'

type Requests = Pick<DaemonConnection, 'request'>

/** Milliseconds that a batch of bans may take: the daemon runs every action for each of them. */
const batchDeadline = 60_000
/** Milliseconds that a list of all bans may take: 200,000 with times keep the daemon busy for a second. */
const listDeadline = 30_000

/** Bans addresses; gives how many were not banned before. @throws OutcomeUnknownError when no answer came */
export const banAddresses = async (
  connection: Requests,
  jail: string,
  addresses: readonly string[],
): Promise<number> => {
  const args = ['set', jailArgument(jail), 'banip', ...addressArguments(addresses)]
  return readCount(await connection.request(args, { deadline: batchDeadline, write: 'batch' }), 'banip')
}

/** Ends bans in a jail, null: in all; gives how many ended. @throws OutcomeUnknownError when no answer came */
export const unbanAddresses = async (
  connection: Requests,
  jail: string | null,
  addresses: readonly string[],
): Promise<number> => {
  const verb = jail === null ? ['unban'] : ['set', jailArgument(jail), 'unbanip']
  const args = [...verb, ...addressArguments(addresses)]
  return readCount(await connection.request(args, { deadline: batchDeadline, write: 'batch' }), 'unbanip')
}

/**
 * Ends bans by the ids that the daemon lists, whatever they are; returns how many ended.
 * @throws OutcomeUnknownError when no answer came
 */
export const unbanListed = async (
  connection: Requests,
  jail: string,
  ids: readonly string[],
): Promise<number> => {
  // only the first can be taken for an option (transmitter.py): where all look like one, the option itself comes first
  const [options, others] = [ids.filter(isLikeOption), ids.filter((id) => !isLikeOption(id))]
  const first = others.length === 0 ? ['--report-absent'] : []
  const args = ['set', jailArgument(jail), 'unbanip', ...first, ...others, ...options]
  return readCount(await connection.request(args, { deadline: batchDeadline, write: true }), 'unbanip')
}

const isLikeOption = (id: string): boolean => id.startsWith('--')

/** Returns whether each address is banned in a jail (0.11.2). */
export const readBanned = async (
  connection: Requests,
  jail: string,
  addresses: readonly string[],
): Promise<readonly boolean[]> => {
  const args = ['get', jailArgument(jail), 'banned', ...addressArguments(addresses)]
  return readFlags(await connection.request(args, { deadline: listDeadline }), addresses.length)
}

/** The jails that have each address banned (0.11.2). */
export const readBannedJails = async (
  connection: Requests,
  addresses: readonly string[],
): Promise<readonly (readonly string[])[]> => {
  const args = ['banned', ...addressArguments(addresses)]
  return readJailLists(await connection.request(args, { deadline: listDeadline }), addresses.length)
}

/** The ids of all bans of a jail, in the daemon's words. */
export const listBanned = async (connection: Requests, jail: string): Promise<readonly string[]> =>
  readTexts(
    await connection.request(['get', jailArgument(jail), 'banip'], { deadline: listDeadline }),
    'banip',
  )

/** The bans of a jail, each as a line with its times (0.11.1): see `parseBanLine`. */
export const listBannedWithTime = async (connection: Requests, jail: string): Promise<readonly string[]> => {
  const args = ['get', jailArgument(jail), 'banip', '--with-time']
  return readTexts(await connection.request(args, { deadline: listDeadline }), 'banip')
}

/** The ignore list of a jail, as the daemon returns it. */
export interface IgnoreList {
  /** addresses, networks and host names */
  readonly entries: readonly string[]
  /** paths of the files that it reads addresses from (`file:`, 1.1.1) */
  readonly files: readonly string[]
}

/** Returns the ignore list of a jail. @throws Fail2banCommandError for a jail that does not run */
export const readIgnored = async (connection: Requests, jail: string): Promise<IgnoreList> => {
  const list = await connection.request(['get', jailArgument(jail), 'ignoreip'])
  return { entries: readTextsOnly(list, 'ignoreip'), files: readFileNames(list) }
}

/** fail2ban takes anything for an address and hands it to its actions: only canonical text may get there. */
const addressArguments = (addresses: readonly string[]): readonly string[] => {
  if (addresses.length === 0 || !addresses.every((text) => parseAddress(text)?.text === text))
    throw new CommandError('That is not an address or network in canonical form.')
  return addresses
}
