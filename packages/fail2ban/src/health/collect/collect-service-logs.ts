import { readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServiceLogs } from '../seen/files-seen.ts'
import { processesWithLogs } from '../services.ts'
import type { Collector } from './collector.ts'

const MAX_PROCESSES = 200

/** Sees which log files the services have open that write their logs themselves. */
export const collectServiceLogs: Collector<'serviceLogs'> = async ({ get }) => {
  const processes = (await get('processes')).filter(({ name }) => processesWithLogs.has(name))
  const found: ServiceLogs[] = []
  for (const { pid, name } of processes.slice(0, MAX_PROCESSES)) {
    const folder = `/proc/${pid}/fd`
    const files = await readdir(folder).catch(() => [])
    const targets = await Promise.all(files.map((file) => readlink(join(folder, file)).catch(() => '')))
    const logs = targets.filter((target) => target.startsWith('/') && /log(?: \(deleted\))?$/.test(target))
    found.push({ process: name, files: [...new Set(logs)] })
  }
  return found
}
