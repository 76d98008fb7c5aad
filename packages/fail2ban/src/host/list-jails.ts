import type { Jail, JailDetail } from '@bangui/shared'
import { capabilitiesOf } from '../capabilities.ts'
import { listRunningJails, readJailCounts, readVersion } from '../commands.ts'
import {
  type ConfiguredJail,
  configuredJails,
  findConfiguredJail,
  jailSettings,
} from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import {
  ConfigUnreadableError,
  Fail2banCommandError,
  Fail2banUnavailableError,
  JailUnknownError,
} from '../errors.ts'
import type { JailCounts } from '../replies.ts'
import { getJailNumber, type JailNumber } from '../tuning-commands.ts'
import { deadlines, type HostContext } from './context.ts'
import { onlyStarted } from './daemon.ts'
import { jailsOfOwnLog } from './own-log.ts'

const nothing: JailCounts = {
  backend: null,
  currentlyFailed: 0,
  totalFailed: 0,
  currentlyBanned: 0,
  totalBanned: 0,
}

/** What a jail does now; null: the daemon gives no number. */
type InForce = Readonly<Record<JailNumber, number | null>>

const unknownNumbers: InForce = { bantime: null, findtime: null, maxretry: null }

/** What the daemon has, by jail; empty when it cannot be reached: then no jail runs as far as anybody can tell. */
type Running = ReadonlyMap<string, JailCounts & InForce & Pick<Jail, 'readsOwnLog'>>

const NOT_CONFIGURED = 'This jail runs in fail2ban, but its configuration does not have it.'

/**
 * Every jail that the configuration knows and those that only the daemon knows, by name. Where the configuration
 * cannot be read, those that the daemon runs, each with that problem.
 * @throws ConfigUnreadableError when the daemon runs none either, Fail2banUnavailableError when it is there but silent
 */
export async function listJails(context: HostContext): Promise<Jail[]> {
  const [config, running] = await Promise.all([readOrProblem(context.configDir), readRunning(context)])
  if (config instanceof ConfigUnreadableError) {
    if (running.size === 0) throw config
    return sorted([...running.keys()].map((name) => unconfigured(name, running, config.message)))
  }
  const configured = configuredJails(config)
  const known = new Set(configured.map(({ name }) => name))
  const strangers = [...running.keys()].filter((name) => !known.has(name))
  return sorted([
    ...configured.map((jail) => merge(jail, running)),
    ...strangers.map((name) => unconfigured(name, running, NOT_CONFIGURED)),
  ])
}

const sorted = (jails: Jail[]) => jails.sort((one, other) => one.name.localeCompare(other.name, 'en'))

const readOrProblem = (configDir: string) =>
  readFail2banConfig(configDir).catch((error: unknown) => {
    if (error instanceof ConfigUnreadableError) return error
    throw error
  })

/** One jail with its settings and the place that decides each. @throws JailUnknownError, ConfigUnreadableError */
export async function getJail(context: HostContext, name: string): Promise<JailDetail> {
  const [config, running] = await Promise.all([readFail2banConfig(context.configDir), readRunning(context)])
  const jail = findConfiguredJail(config, name)
  if (jail) {
    const { bantime, findtime, maxretry } = jail
    const configured = { bantime, findtime, maxretry }
    return { ...merge(jail, running), settings: jailSettings(config, name), configured }
  }
  if (!running.has(name)) throw new JailUnknownError(name)
  return { ...unconfigured(name, running, NOT_CONFIGURED), settings: [], configured: null }
}

async function readRunning(context: HostContext): Promise<Running> {
  const { connection } = context
  try {
    const [version, listed] = await Promise.all([
      readVersion(connection, deadlines.read),
      listRunningJails(connection, deadlines.read),
    ])
    const jails = await onlyStarted(context, listed)
    const options = { capabilities: capabilitiesOf(version), deadline: deadlines.read }
    const [counts, numbers, ofOwnLog] = await Promise.all([
      readJailCounts(connection, jails, options),
      Promise.all(jails.map((name) => readInForce(connection, name))),
      jailsOfOwnLog(context, jails),
    ])
    return new Map(
      jails.map((name, index) => [
        name,
        {
          ...onlyCounts(counts.get(name) ?? nothing),
          ...(numbers[index] ?? unknownNumbers),
          ...(ofOwnLog.has(name) && { readsOwnLog: true }),
        },
      ]),
    )
  } catch (error) {
    // one that is only silent still has its jails: saying that none runs would be wrong
    if (error instanceof Fail2banUnavailableError && error.reason !== 'timeout') return new Map()
    throw error
  }
}

async function readInForce(connection: HostContext['connection'], name: string): Promise<InForce> {
  const read = (key: JailNumber) =>
    getJailNumber(connection, name, key).catch((error: unknown) => {
      // the jail has just gone, or has what is no number
      if (error instanceof Fail2banCommandError || isProtocolError(error)) return null
      throw error
    })
  const [bantime, findtime, maxretry] = await Promise.all([
    read('bantime'),
    read('findtime'),
    read('maxretry'),
  ])
  return { bantime, findtime, maxretry }
}

const isProtocolError = (error: unknown) =>
  error instanceof Fail2banUnavailableError && error.reason === 'protocol_error'

const onlyCounts = (counts: JailCounts): JailCounts => {
  const { backend, currentlyFailed, totalFailed, currentlyBanned, totalBanned } = counts
  return { backend, currentlyFailed, totalFailed, currentlyBanned, totalBanned }
}

function merge(jail: ConfiguredJail, running: Running): Jail {
  const found = running.get(jail.name)
  const { name, enabled, filter, bantime, findtime, maxretry, problem } = jail
  // of a running jail, what is in force: it can have been changed since, and be written in any way
  const now = found ?? { ...nothing, bantime, findtime, maxretry }
  const base = { name, enabled, filter, problem, logPaths: [...jail.logPaths] }
  return { ...base, ...now, running: found !== undefined, backend: now.backend ?? jail.backend }
}

function unconfigured(name: string, running: Running, problem: string): Jail {
  const now = running.get(name) ?? { ...nothing, ...unknownNumbers }
  return { name, enabled: false, running: true, filter: null, logPaths: [], ...now, problem }
}
