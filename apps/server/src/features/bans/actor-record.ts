import type { PendingAction } from '@bangui/db'
import type { HostDeps } from '../../deps.ts'
import type { OperationHandle } from '../operations/operation.ts'

/**
 * Records the actor of bans and unbans before they are sent, if the database can be written: a full disk blocks no ban in an
 * emergency. The user is informed afterwards.
 */
export interface ActorRecord {
  record(pendingActions: readonly PendingAction[]): Promise<void>
  /** Notes that something else could not be recorded. */
  failed(error: unknown): void
  /** Returns a sentence for the user; undefined where everything was recorded. */
  note(): string | undefined
}

/** Creates the {@link ActorRecord} of an operation. */
export function createActorRecord(
  { archive, log }: Pick<HostDeps, 'archive' | 'log'>,
  { recordError }: Pick<OperationHandle, 'recordError'>,
): ActorRecord {
  let problem = recordError
  const failed = (error: unknown) => {
    problem = error instanceof Error ? error.message : String(error)
    log.error({ event: 'intents_not_stored', err: error }, 'the user of a ban or unban could not be recorded')
  }
  return {
    record: (actions) => archive.addPendingActions(actions).catch(failed),
    failed,
    note: () =>
      problem === undefined
        ? undefined
        : `Done, but the user and the reason could not be recorded: ${problem}`,
  }
}

/** Returns a result with its note for the user, if there is one. */
export function withNote<TResult>(result: TResult, actors: ActorRecord): TResult & { note?: string } {
  const note = actors.note()
  return { ...result, ...(note !== undefined && { note }) }
}
