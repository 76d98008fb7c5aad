import {
  findChange,
  findChangeAuthor,
  insertChanges,
  revertProvisionalChanges,
  setChangeState,
  type HostDb,
} from '@bangui/db'
import type { Fail2banHost, PreparedChange } from '@bangui/fail2ban'
import type { Actor, Change, ChangeRecord, ChangeState } from '@bangui/shared'
import type { Logger } from '../../lib/logger.ts'

/** The records of the changes of a host, without the contents of files: those stay on the host. */
export interface ChangeRecords {
  /**
   * Stores a staged change of an operation. Where that fails, the host forgets the change; an urgent one goes on without a
   * record. @throws DatabaseError
   */
  add(staged: PreparedChange, of: ChangeOrigin): Promise<void>
  /** Returns the ids of those changes that are stored as applied. Never rejects. */
  listApplied(ids: readonly string[]): Promise<string[]>
  /** Returns who made a change; undefined: unknown. Never rejects. */
  findAuthor(id: string): Promise<Actor | undefined>
  /** Stores as rolled back what is stored as waiting to be confirmed, but the change of an id. Never rejects. */
  endProvisional(except: string | null): Promise<void>
  /** Stores how a change ended, and what fail2ban said where that is given. Never rejects: the host knows the state as well. */
  noteState(id: string, state: ChangeState, output?: string | null): Promise<void>
  /**
   * Stores how an interrupted change ended, also of one that only the host knew: an unknown person made it. Returns the id
   * of its operation; null: unknown. Never rejects.
   */
  noteInterrupted(change: Change): Promise<string | null>
}

/** Where a change comes from. */
export interface ChangeOrigin {
  readonly title: string
  /** what its author noted about it @default nothing */
  readonly note?: string | undefined
  readonly operationId: string
  /** it must not fail because of the database @default false */
  readonly isUrgent?: boolean
}

export interface ChangeRecordsOptions {
  readonly host: Fail2banHost
  readonly hostDb: HostDb
  readonly clock: () => number
  readonly log: Logger
}

/** How much is kept of what fail2ban says about a change, in characters. */
const MAX_OUTPUT = 64 * 1024

/** Creates the {@link ChangeRecords} of a host. */
export function createChangeRecords({ host, hostDb, clock, log }: ChangeRecordsOptions): ChangeRecords {
  const forget = (id: string) =>
    host.config.forget(id).catch((error: unknown) => {
      log.debug({ event: 'change_not_deleted', changeId: id, err: error }, 'the host kept a change')
    })
  // the host deletes the files of changes that are no longer kept
  const store = async (record: ChangeRecord) => {
    for (const id of await insertChanges(hostDb, [record], clock())) await forget(id)
  }
  const notStored = (id: string) => (error: unknown) => {
    log.warn({ event: 'change_not_stored', changeId: id, err: error }, 'the state of a change was not stored')
    return null
  }
  return {
    async add({ changeId: id, load, expect, files }, { title, note = null, operationId, isUrgent = false }) {
      const paths = files.map(({ path }) => path)
      const record = { id, operationId, title, note, files: paths, load, expect }
      try {
        await store({ ...record, state: 'prepared', createdAt: clock() })
      } catch (error) {
        if (isUrgent) return void notStored(id)(error)
        await forget(id)
        throw error
      }
    },
    async listApplied(ids) {
      const found = await Promise.all(ids.map((id) => findChange(hostDb, id).catch(notStored(id))))
      return found.flatMap((change) => (change?.state === 'applied' ? [change.id] : []))
    },
    findAuthor: async (id) => (await findChangeAuthor(hostDb, id).catch(notStored(id))) ?? undefined,
    endProvisional: async (except) =>
      void (await revertProvisionalChanges(hostDb, except).catch(notStored(except ?? ''))),
    noteState: async (id, state, output) =>
      void (await setChangeState(hostDb, id, { state, output: output?.slice(0, MAX_OUTPUT) ?? output }).catch(
        notStored(id),
      )),
    async noteInterrupted(change) {
      const noted = async () => {
        const known = await findChange(hostDb, change.id)
        if (known) await setChangeState(hostDb, change.id, { state: change.state })
        else await store({ ...change, note: null, files: [], operationId: null })
        return known?.operationId ?? null
      }
      return noted().catch(notStored(change.id))
    },
  }
}
