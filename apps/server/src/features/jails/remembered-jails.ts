import { listRememberedJails, saveRememberedJails, type HostDb, type RememberedJailKind } from '@bangui/db'
import type { Logger } from '../../lib/logger.ts'

/** Jails of which something is true in one run of the daemon, kept also over a restart of BanGUI. */
export interface RememberedJails {
  has(name: string): boolean
  /** True since a time, in epoch milliseconds. Resolves when that is saved; never rejects. */
  add(name: string, at: number): Promise<void>
  /** Not true any more; with `at`, only where it became true before that. */
  remove(name: string, at?: number): Promise<void>
  removeAll(): Promise<void>
  /** Sets which daemon instance runs, by its id. What was true in another one is forgotten. */
  setInstance(id: string): Promise<void>
}

export interface RememberedOptions {
  readonly hostDb: HostDb
  readonly log: Logger
}

/** Creates the jails of a kind, which are loaded at the first daemon. Without options nothing outlives the process. */
export function createRememberedJails(
  kind: RememberedJailKind,
  options?: RememberedOptions,
): RememberedJails {
  let daemon: string | null = null
  let jails = new Map<string, number>()
  /** when it ended for jails that may turn out to have been remembered before */
  const loadedAt = new Map<string, number>()
  let saving: Promise<void> = Promise.resolve()

  const save = async () => {
    if (!options || daemon === null) return
    const instance = daemon
    const rows = [...jails].map(([jail, since]) => ({ jail, since, daemon: instance }))
    saving = saving
      .then(() => saveRememberedJails(options.hostDb, kind, rows))
      .catch((error: unknown) => {
        options.log.warn(
          { event: 'jails_not_saved', key: kind, err: error },
          'the idle and stopped jails could not be saved',
        )
      })
    await saving
  }
  const remove = async (name: string, at = Infinity) => {
    const since = jails.get(name)
    if (daemon === null) loadedAt.set(name, at)
    if (since === undefined || at < since) return
    jails.delete(name)
    await save()
  }
  return {
    has: (name) => jails.has(name),
    async add(name, at) {
      jails.set(name, at)
      await save()
    },
    remove,
    async removeAll() {
      for (const name of jails.keys()) await remove(name)
    },
    async setInstance(found) {
      if (found === daemon) return
      if (daemon !== null) jails = new Map()
      else if (options) {
        const before = await load(kind, options)
        const left = before
          .filter((row) => row.daemon === found)
          .map(({ jail, since }) => [jail, since] as const)
        // entries that were added while it was read are newer
        jails = new Map([...left.filter(([name, at]) => at > (loadedAt.get(name) ?? -1)), ...jails])
        loadedAt.clear()
      }
      daemon = found
      await save()
    },
  }
}

async function load(kind: RememberedJailKind, { hostDb, log }: RememberedOptions) {
  try {
    return await listRememberedJails(hostDb, kind)
  } catch (error) {
    log.warn(
      { event: 'jails_not_read', key: kind, err: error },
      'the idle and stopped jails could not be read',
    )
    return []
  }
}
