import { access, glob, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FoundService } from '@bangui/shared'
import { configuredJails } from '../config/list-jails.ts'
import { findLogs, type FoundLogs, type LogContext } from '../logs/find-logs.ts'
import { journalProblem } from '../logs/journal-lines.ts'
import { resolveLog } from '../logs/readable-log.ts'
import { services, type Service } from './service-table.ts'

const binaryFolders = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin', '/sbin', '/bin']
const unitFolders = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
]

const MAX_PROCESSES = 20_000
const MAX_LOGS = 20

/** What `findServices` looks at on a machine. */
export interface ServiceFolders {
  /** @default the folder of root */
  readonly root?: string
}

/**
 * Returns the services that are installed or run here and that the configuration has jails for; those with a jail that is off come
 * first. Looks at names of files and processes only, and runs nothing. @throws ConfigUnreadableError
 */
export async function findServices(
  context: LogContext,
  { root = '/' }: ServiceFolders = {},
): Promise<FoundService[]> {
  const [{ config }, logs, processes] = await Promise.all([
    context.configReader.read(),
    findLogs(context),
    readProcessNames(join(root, 'proc')),
  ])
  const jails = new Map(configuredJails(config).map((jail) => [jail.name, jail]))
  const found: FoundService[] = []
  for (const service of services) {
    const own = service.jails.flatMap((name) => {
      const jail = jails.get(name)
      return jail === undefined ? [] : [{ name, enabled: jail.enabled, filter: jail.filter }]
    })
    const running = service.processes.some((name) => processes.has(name))
    if (own.length === 0 || !(running || (await isInstalled(service, root)))) continue
    found.push({
      id: service.id,
      name: service.name,
      running,
      jails: own,
      logs: await findLogsOf(service, logs),
      journal: await journalOf(service, root),
    })
  }
  const isCovered = (service: FoundService) => service.jails.some(({ enabled }) => enabled)
  return found.toSorted(
    (one, other) =>
      Number(isCovered(one)) - Number(isCovered(other)) || Number(other.running) - Number(one.running),
  )
}

async function readProcessNames(proc: string): Promise<ReadonlySet<string>> {
  const pids = (await readdir(proc).catch(() => []))
    .filter((name) => /^\d+$/.test(name))
    .slice(0, MAX_PROCESSES)
  const names = await Promise.all(
    pids.map((pid) => readFile(join(proc, pid, 'comm'), 'utf8').catch(() => '')),
  )
  return new Set(names.map((name) => name.trim()))
}

async function isInstalled({ binaries, units }: Service, root: string): Promise<boolean> {
  const paths = [
    ...binaryFolders.flatMap((folder) => binaries.map((name) => join(root, folder, name))),
    ...unitFolders.flatMap((folder) => units.map((name) => join(root, folder, name))),
  ]
  return (await Promise.all(paths.map(isThere))).includes(true)
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )

/** The logs that exist and may be read, the one that was written last first. */
async function findLogsOf({ logs: patterns }: Service, logs: FoundLogs): Promise<FoundService['logs']> {
  const found: FoundService['logs'] = []
  for (const pattern of patterns) {
    for await (const path of glob(pattern)) {
      if (found.length >= MAX_LOGS) break
      const real = await resolveLog(logs, path).catch(() => null)
      const file = real === null ? null : await stat(real).catch(() => null)
      if (file?.isFile() === true) found.push({ path, size: file.size, changedAt: Math.round(file.mtimeMs) })
    }
  }
  return found.toSorted((one, other) => (other.changedAt ?? 0) - (one.changedAt ?? 0))
}

/** Returns what selects the entries of a service in the journal; null: there is no journal, or it has no unit here. */
async function journalOf({ units }: Service, root: string): Promise<string | null> {
  if (journalProblem() !== null) return null
  for (const unit of units)
    for (const folder of unitFolders)
      if (await isThere(join(root, folder, unit))) return `_SYSTEMD_UNIT=${unit}`
  return null
}
