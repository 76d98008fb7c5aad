import type { Archive } from '@bangui/db'
import type { StoredEvent } from '@bangui/shared'
import * as z from 'zod'
import type { Logger } from '../../lib/logger.ts'

/** Where it is kept which jails rest. */
const RESTING_POSITION = 'resting_jails'

const Stored = z.object({
  daemon: z.string(),
  jails: z.array(z.tuple([z.string().max(255), z.int()])).max(10_000),
})

/**
 * The jails that somebody let rest through BanGUI. fail2ban tells nobody which jails rest, so it is remembered here, also
 * over a restart of BanGUI, until the jail works, starts or is loaded again, or another daemon has taken over.
 */
export interface RestingJails {
  has(name: string): boolean
  /** Somebody let it rest at a time, in epoch milliseconds. Gives when that is saved; never rejects. */
  add(name: string, at: number): Promise<void>
  /** It works: somebody said so, or it was started or loaded at `at`, which counts only after it was let rest. */
  remove(name: string, at?: number): Promise<void>
  /** All of them were loaded again. */
  removeAll(): Promise<void>
  /** Which daemon there is: what another one was told is not true any more. */
  meet(daemon: string): Promise<void>
}

export interface RestingOptions {
  readonly positions: Pick<Archive, 'getPosition' | 'setPosition'>
  readonly log: Logger
}

/** Remembers nothing yet; without options nothing outlives the process. */
export function createRestingJails(options?: RestingOptions): RestingJails {
  let daemon: string | null = null
  let jails = new Map<string, number>()
  /** when jails were loaded that may turn out to have rested before */
  const loadedAt = new Map<string, number>()
  let saving: Promise<void> = Promise.resolve()

  const save = async () => {
    if (!options || daemon === null) return
    const value = JSON.stringify({ daemon, jails: [...jails] })
    saving = saving
      .then(() => options.positions.setPosition(RESTING_POSITION, value))
      .catch((error: unknown) => {
        options.log.warn({ event: 'resting_not_saved', err: error }, 'which jails rest could not be saved')
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
    async meet(found) {
      if (found === daemon) return
      if (daemon !== null) jails = new Map()
      else if (options) {
        const before = await load(options)
        const left = before?.daemon === found ? before.jails : []
        // what was said while it was read is newer
        jails = new Map([...left.filter(([name, at]) => at > (loadedAt.get(name) ?? -1)), ...jails])
        loadedAt.clear()
      }
      daemon = found
      await save()
    },
  }
}

/** A jail that was started, stopped or loaded does not rest. */
export function noteLoads(resting: RestingJails, stored: readonly StoredEvent[]): void {
  for (const { event } of stored)
    if (event.type === 'jail.changed' && event.change) void resting.remove(event.jail, event.at)
}

async function load({ positions, log }: RestingOptions): Promise<z.infer<typeof Stored> | undefined> {
  try {
    return Stored.safeParse(JSON.parse((await positions.getPosition(RESTING_POSITION)) ?? 'null')).data
  } catch (error) {
    log.warn({ event: 'resting_not_read', err: error }, 'which jails rest could not be read')
    return undefined
  }
}
