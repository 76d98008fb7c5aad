import { listLists, listRunningRuns, updateList, type StoredList } from '@bangui/db'
import type { HostDeps } from '../deps.ts'
import { resumeImport, startImport } from '../features/blocklists/start-import.ts'
import { plannedRun } from '../lib/schedule.ts'
import type { JobDefinition } from './scheduler.ts'

/**
 * Begins the imports that are due, and goes on with those that BanGUI or fail2ban was cut off in. When a list is due is stored, so
 * that a run is neither skipped nor doubled over a restart or a change of the clock. Imports wait while fail2ban is offline. A list
 * that cannot be begun does not keep the others waiting.
 */
export const blocklistImports = (deps: HostDeps): JobDefinition => ({
  name: 'blocklist_imports',
  everySeconds: 10,
  deadline: 30_000,
  run: async () => {
    const { serverStatus, watching, readOnly } = deps.state.get()
    if (readOnly || !serverStatus.online || !serverStatus.responding) return
    // the log shows first what was banned
    if (watching.events.state === 'catching_up') return
    const lists = await listLists(deps.hostDb)
    for (const run of await listRunningRuns(deps.hostDb)) {
      const list = lists.find(({ id }) => id === run.id)
      const { by: name, byId } = run
      const by =
        name === null || byId === null
          ? ({ kind: 'schedule' } as const)
          : ({ kind: 'user', name, id: byId } as const)
      if (list) await resumeImport(deps, list, { runId: run.runId, by, earlier: run.banned })
    }
    for (const list of lists)
      try {
        if (await isListDue(deps, list)) await startImport(deps, list, { kind: 'schedule' })
      } catch (error) {
        const fields = { event: 'blocklist_not_started', list: list.id, err: error }
        deps.log.warn(fields, 'the import of a blocklist could not be started')
      }
  },
})

async function isListDue(
  { database, clock, imports }: HostDeps,
  { id, schedule, zone, nextAt }: StoredList,
): Promise<boolean> {
  if (nextAt === null || imports.find(id)) return false
  const now = clock()
  const planned = schedule === null ? nextAt : plannedRun({ schedule, zone }, nextAt, now)
  if (planned < nextAt) await updateList(database.db, id, { nextAt: planned })
  return planned <= now
}
