import type { ConfigNotice, Jail, JailDetail } from '@bangui/shared'
import { capabilitiesOf } from '../capabilities.ts'
import { listRunningJails, readJailCounts, readVersion } from '../commands.ts'
import { readDefinitions } from '../config/definitions.ts'
import { isReadWhole } from '../config/file-source.ts'
import { ownSettings } from '../config/effective-settings.ts'
import { type ConfiguredJail, configuredJails, findConfiguredJail } from '../config/list-jails.ts'
import { findJailFaults } from '../config/jail-faults.ts'
import {
  ConfigUnreadableError,
  Fail2banCommandError,
  Fail2banUnavailableError,
  JailUnknownError,
} from '../errors.ts'
import type { JailCounts } from '../replies.ts'
import { getJailNumber, type JailNumber } from '../tuning-commands.ts'
import type { ConfigReading } from './config-reader.ts'
import { listJailSettings } from './list-settings.ts'
import { deadlines, type LocalHostContext } from './local-host-context.ts'
import { onlyStarted } from './daemon.ts'
import { maySkip } from './jails-without-log.ts'
import { problemOf, whyNotConfigured } from './jail-problem.ts'
import { jailsOfOwnLog } from './own-log.ts'

const nothing: JailCounts = {
  backend: null,
  currentlyFailed: 0,
  totalFailed: 0,
  currentlyBanned: 0,
  totalBanned: 0,
}

/** The settings of a jail that are in force; null: the daemon returns no number. */
type InForce = Readonly<Record<JailNumber, number | null>>

const unknownNumbers: InForce = { bantime: null, findtime: null, maxretry: null }

/** The jails of the daemon; empty where the daemon cannot be reached: then no jail is known to run. */
type Running = ReadonlyMap<string, JailCounts & InForce & Pick<Jail, 'readsOwnLog'>>

/**
 * Every jail that the configuration knows and those that only the daemon knows, by name. Where the configuration
 * cannot be read, those that the daemon runs, each with that problem.
 * @throws ConfigUnreadableError when the daemon runs none either, Fail2banUnavailableError when it is there but silent
 */
export async function listJails(context: LocalHostContext): Promise<Jail[]> {
  const [first, running] = await Promise.all([readOrProblem(context), readRunning(context)])
  const reading = context.configReader.doubt(awayOf(first, running)) ? await readOrProblem(context) : first
  if (reading instanceof ConfigUnreadableError) {
    if (running.size === 0) throw reading
    return sorted([...running.keys()].map((name) => unconfigured(name, running, reading.message)))
  }
  const configured = configuredJails(reading.config)
  const known = new Set(configured.map(({ name }) => name))
  const strangers = [...running.keys()].filter((name) => !known.has(name))
  return sorted([
    ...configured.map((jail) => merge(jail, reading, running)),
    ...strangers.map((name) => unconfigured(name, running, whyNotConfigured(reading.problems))),
  ])
}

/** The jails that may lack a log by now: fail2ban runs others, and would start these by what was read of the configuration. */
function awayOf(reading: ConfigReading | ConfigUnreadableError, running: Running): string[] {
  if (reading instanceof ConfigUnreadableError || running.size === 0) return []
  const { config, dump } = reading
  return (dump?.startedJails ?? []).filter((name) => !running.has(name) && maySkip(config, name))
}

/** Returns the notices about the configuration as a whole. Never rejects because of errors in it. */
export async function listConfigNotices(context: LocalHostContext): Promise<ConfigNotice[]> {
  const reading = await readOrProblem(context)
  if (!(reading instanceof ConfigUnreadableError)) return [...reading.notices]
  const file = context.configDir
  return [{ kind: 'unreadable', file, line: null, jail: null, message: reading.message, output: null }]
}

const sorted = (jails: Jail[]) => jails.sort((one, other) => one.name.localeCompare(other.name, 'en'))

const readOrProblem = ({ configReader }: LocalHostContext) =>
  configReader.read().catch((error: unknown) => {
    if (error instanceof ConfigUnreadableError) return error
    throw error
  })

/** One jail with its settings and the place that decides each. @throws JailUnknownError, ConfigUnreadableError */
export async function getJail(context: LocalHostContext, name: string): Promise<JailDetail> {
  const [reading, running] = await Promise.all([context.configReader.read(), readRunning(context)])
  const { config } = reading
  const jail = findConfiguredJail(config, name)
  if (jail) {
    const { bantime, findtime, maxretry } = jail
    const configured = { bantime, findtime, maxretry }
    const complete = jail.enabled ? reading : await withDefinitions(reading, name)
    const settings = ownSettings(await listJailSettings(context, config, name), config, name)
    return { ...merge(jail, complete, running), settings, configured }
  }
  if (!running.has(name)) throw new JailUnknownError(name)
  const problem = whyNotConfigured(reading.problems)
  return { ...unconfigured(name, running, problem), settings: [], configured: null }
}

/** The filter and the actions of a disabled jail are checked when the jail itself is read. */
async function withDefinitions(reading: ConfigReading, name: string): Promise<ConfigReading> {
  const { config } = reading
  if (!isReadWhole(reading.problems)) return reading
  const faults = findJailFaults(config, name, await readDefinitions(config, [name]))
  return { ...reading, faults: new Map([...reading.faults, [name, faults]]) }
}

async function readRunning(context: LocalHostContext): Promise<Running> {
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
    // a daemon that is only silent still has its jails: it would be wrong to report that none runs
    if (error instanceof Fail2banUnavailableError && error.params.reason !== 'timeout') return new Map()
    throw error
  }
}

async function readInForce(connection: LocalHostContext['connection'], name: string): Promise<InForce> {
  const read = (key: JailNumber) =>
    getJailNumber(connection, name, key).catch((error: unknown) => {
      // the jail was just stopped, or has a value that is no number
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
  error instanceof Fail2banUnavailableError && error.params.reason === 'protocol_error'

const onlyCounts = (counts: JailCounts): JailCounts => {
  const { backend, currentlyFailed, totalFailed, currentlyBanned, totalBanned } = counts
  return { backend, currentlyFailed, totalFailed, currentlyBanned, totalBanned }
}

function merge(jail: ConfiguredJail, reading: ConfigReading, running: Running): Jail {
  const found = running.get(jail.name)
  const { name, enabled, filter, bantime, findtime, maxretry } = jail
  const problem = problemOf(jail, reading)
  // of a running jail, the values in force: they can have been changed at run time
  const now = found ?? { ...nothing, bantime, findtime, maxretry }
  const base = { name, enabled, filter, problem, logPaths: [...jail.logPaths] }
  const isWaiting = enabled && found === undefined && reading.dump?.jailsWithoutLog.has(name) === true
  return {
    ...base,
    ...now,
    ...(isWaiting && { waitsForLog: true }),
    running: found !== undefined,
    backend: now.backend ?? jail.backend,
  }
}

function unconfigured(name: string, running: Running, problem: string): Jail {
  const now = running.get(name) ?? { ...nothing, ...unknownNumbers }
  const settings = { enabled: false, filter: null, logPaths: [] }
  return { name, running: true, unconfigured: true, ...settings, ...now, problem }
}
