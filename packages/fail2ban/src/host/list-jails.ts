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
import { ConfigUnreadableError, Fail2banUnavailableError, JailUnknownError } from '../errors.ts'
import type { JailCounts } from '../replies.ts'
import { deadlines, type HostContext } from './context.ts'

const nothing: JailCounts = {
  backend: null,
  currentlyFailed: 0,
  totalFailed: 0,
  currentlyBanned: 0,
  totalBanned: 0,
}

/** What the daemon has, by jail; empty when it cannot be reached: then no jail runs as far as anybody can tell. */
type Running = ReadonlyMap<string, JailCounts>

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
  if (jail) return { ...merge(jail, running), settings: jailSettings(config, name) }
  if (!running.has(name)) throw new JailUnknownError(name)
  return { ...unconfigured(name, running, NOT_CONFIGURED), settings: [] }
}

async function readRunning({ connection }: HostContext): Promise<Running> {
  try {
    const [version, jails] = await Promise.all([
      readVersion(connection, deadlines.read),
      listRunningJails(connection, deadlines.read),
    ])
    const options = { capabilities: capabilitiesOf(version), deadline: deadlines.read }
    const counts = await readJailCounts(connection, jails, options)
    return new Map(jails.map((name) => [name, onlyCounts(counts.get(name) ?? nothing)]))
  } catch (error) {
    // one that is only silent still has its jails: saying that none runs would be wrong
    if (error instanceof Fail2banUnavailableError && error.reason !== 'timeout') return new Map()
    throw error
  }
}

const onlyCounts = (counts: JailCounts): JailCounts => {
  const { backend, currentlyFailed, totalFailed, currentlyBanned, totalBanned } = counts
  return { backend, currentlyFailed, totalFailed, currentlyBanned, totalBanned }
}

function merge(jail: ConfiguredJail, running: Running): Jail {
  const counts = running.get(jail.name)
  const { backend, ...figures } = counts ?? nothing
  const { name, enabled, filter, bantime, findtime, maxretry, problem } = jail
  const base = { name, enabled, filter, bantime, findtime, maxretry, problem, logPaths: [...jail.logPaths] }
  return { ...base, ...figures, running: counts !== undefined, backend: backend ?? jail.backend }
}

function unconfigured(name: string, running: Running, problem: string): Jail {
  const settings = { filter: null, logPaths: [], bantime: null, findtime: null, maxretry: null }
  return { name, enabled: false, running: true, ...settings, ...(running.get(name) ?? nothing), problem }
}
