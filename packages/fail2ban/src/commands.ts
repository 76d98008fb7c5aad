import { isJailName } from '@bangui/shared'
import { capabilitiesOf } from './capabilities.ts'
import type { DaemonConnection } from './connection.ts'
import { CommandError } from './wire/encode-command.ts'
import { Fail2banCommandError, Fail2banUnavailableError } from './errors.ts'
import type { DaemonCapabilities } from './models/daemon-models.ts'
import {
  type JailCounts,
  type JailStatus,
  readBannedReply,
  readCount,
  readJailListReply,
  readJailStatusReply,
  readSeconds,
  readStatsReply,
  readText,
  readTexts,
  readVersionReply,
} from './replies.ts'

/** The part of the connection that commands need. */
type Requests = Pick<DaemonConnection, 'request'>

/** A jail's settings as the daemon has them now; times in whole seconds, -1 is permanent. */
export interface JailSettings {
  readonly bantime: number
  readonly findtime: number
  readonly maxretry: number
  readonly logPaths: readonly string[]
}

/** The daemon's own settings. */
export interface DaemonSettings {
  /** a path, or `STDOUT`, `STDERR`, `SYSLOG`, `SYSOUT`, `SYSTEMD-JOURNAL` */
  readonly logTarget: string
  readonly logLevel: string
  /** null: it keeps no database */
  readonly databaseFile: string | null
  readonly databasePurgeAge: number | null
}

/** Milliseconds that a command which ends bans may take: the daemon runs an action for each of them. */
const longDeadline = 120_000

/** Asks whether the daemon answers; throws when what comes is no `pong`. */
export const ping = async (connection: Requests, deadline?: number): Promise<void> => {
  const reply = await connection.request(['ping'], withDeadline(deadline))
  if (reply !== 'pong')
    throw new Fail2banUnavailableError('protocol_error', "fail2ban's answer to a ping is not a pong.")
}

/** The daemon's version, such as `1.0.2`. */
export const readVersion = async (connection: Requests, deadline?: number): Promise<string> =>
  readVersionReply(await connection.request(['version'], withDeadline(deadline)))

/** Names of the jails that the daemon has. */
export const listRunningJails = async (connection: Requests, deadline?: number): Promise<string[]> => {
  const names = readJailListReply(await connection.request(['status'], withDeadline(deadline)))
  return names ?? listNamesWithCommas(connection, deadline)
}

/** The list is one text with commas; where a name has one too, another command has the names singly. */
async function listNamesWithCommas(connection: Requests, deadline?: number): Promise<string[]> {
  const capabilities = capabilitiesOf(await readVersion(connection, deadline))
  const ask = (command: string) => connection.request([command], withDeadline(deadline))
  return capabilities.stats
    ? [...readStatsReply(await ask('stats')).keys()]
    : readBannedReply(await ask('banned'))
}

/** The status of a jail with the ids of all its bans. @throws Fail2banCommandError for a jail that is not there */
export const readJailStatus = async (
  connection: Requests,
  jail: string,
  deadline?: number,
): Promise<JailStatus> =>
  readJailStatusReply(await connection.request(['status', jailArgument(jail)], withDeadline(deadline)))

/** The status of a jail without its bans where the daemon can leave them out (0.11.2). */
export const readJailSummary = async (
  connection: Requests,
  jail: string,
  options: { capabilities: DaemonCapabilities; deadline?: number },
): Promise<JailStatus> => {
  const flavor = options.capabilities.shortStatus ? ['short'] : []
  const args = ['status', jailArgument(jail), ...flavor]
  return readJailStatusReply(await connection.request(args, withDeadline(options.deadline)))
}

/** The numbers of many jails: one request from 1.1.0 on, else one for each jail. Jails that are not there are left out. */
export const readJailCounts = async (
  connection: Requests,
  jails: readonly string[],
  options: { capabilities: DaemonCapabilities; deadline?: number },
): Promise<ReadonlyMap<string, JailCounts>> => {
  if (jails.length === 0) return new Map()
  if (!options.capabilities.stats) return readCountsSingly(connection, jails, options)
  const stats = readStatsReply(await connection.request(['stats'], withDeadline(options.deadline)))
  const wanted = new Set(jails)
  return new Map([...stats].filter(([name]) => wanted.has(name)))
}

const readCountsSingly = async (
  connection: Requests,
  jails: readonly string[],
  options: { capabilities: DaemonCapabilities; deadline?: number },
): Promise<ReadonlyMap<string, JailCounts>> => {
  const counts = new Map<string, JailCounts>()
  const readOne = async (jail: string) => {
    try {
      counts.set(jail, await readJailSummary(connection, jail, options))
    } catch (error) {
      if (!isUnknownJail(error)) throw error
    }
  }
  await Promise.all(jails.filter(isJailName).map(readOne))
  return counts
}

/** Returns whether an error means that the daemon has no jail of that name. */
export const isUnknownJail = (error: unknown): boolean =>
  error instanceof Fail2banCommandError && error.params.className.endsWith('UnknownJailException')

/** A jail's settings in the daemon. @throws Fail2banCommandError for a jail that is not there */
export const getJailSettings = async (
  connection: Requests,
  jail: string,
  deadline?: number,
): Promise<JailSettings> => {
  const get = (name: string) => connection.request(['get', jailArgument(jail), name], withDeadline(deadline))
  const [bantime, findtime, maxretry, logPaths] = await Promise.all([
    get('bantime'),
    get('findtime'),
    get('maxretry'),
    get('logpath'),
  ])
  return {
    bantime: readSeconds(bantime, 'bantime'),
    findtime: readSeconds(findtime, 'findtime'),
    maxretry: readCount(maxretry, 'maxretry'),
    logPaths: readTexts(logPaths, 'logpath'),
  }
}

/** Where the daemon logs to and keeps its database. */
export const getDaemonSettings = async (connection: Requests, deadline?: number): Promise<DaemonSettings> => {
  const get = (name: string) => connection.request(['get', name], withDeadline(deadline))
  const [logTarget, logLevel, file, purgeAge] = await Promise.all([
    get('logtarget'),
    get('loglevel'),
    get('dbfile'),
    get('dbpurgeage'),
  ])
  return {
    logTarget: readText(logTarget, 'logtarget'),
    logLevel: readText(logLevel, 'loglevel'),
    databaseFile: file === null ? null : readText(file, 'dbfile'),
    databasePurgeAge: purgeAge === null ? null : readSeconds(purgeAge, 'dbpurgeage'),
  }
}

/** For how long the daemon's database keeps bans, in seconds; null: it keeps none. */
export const getDatabasePurgeAge = async (
  connection: Requests,
  deadline?: number,
): Promise<number | null> => {
  const age = await connection.request(['get', 'dbpurgeage'], withDeadline(deadline))
  return age === null ? null : readSeconds(age, 'dbpurgeage')
}

/** The path of the daemon's database; null: it keeps none. */
export const getDatabaseFile = async (connection: Requests, deadline?: number): Promise<string | null> => {
  const file = await connection.request(['get', 'dbfile'], withDeadline(deadline))
  return file === null ? null : readText(file, 'dbfile')
}

/** Takes a jail out of the daemon, which ends its bans one by one. @throws OutcomeUnknownError when no answer came */
export const stopJail = async (
  connection: Requests,
  jail: string,
  deadline = longDeadline,
): Promise<void> => {
  await connection.request(['stop', jailArgument(jail)], { deadline, write: true })
}

const withDeadline = (deadline: number | undefined) => (deadline === undefined ? {} : { deadline })

/** Returns a jail's name as an argument of a command. @throws CommandError for a name with another meaning there */
export const jailArgument = (jail: string): string => {
  if (!isJailName(jail)) throw new CommandError('That is not the name of a jail.')
  return jail
}
