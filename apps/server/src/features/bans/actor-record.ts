import type { PendingAction } from '@bangui/db'
import type { Deps } from '../../deps.ts'

/**
 * Records who is about to do something, as far as BanGUI's own database lets it: a disk that is full stops no ban in an
 * emergency. The user is informed afterwards.
 */
export interface ActorRecord {
  record(pendingActions: readonly PendingAction[]): Promise<void>
  /** Something else that was to be recorded was not. */
  failed(error: unknown): void
  /** The sentence for people; undefined where all was recorded. */
  note(): string | undefined
}

/** Makes the {@link ActorRecord} of one request. */
export function createActorRecord({ archive, log }: Pick<Deps, 'archive' | 'log'>): ActorRecord {
  let problem: string | undefined
  const failed = (error: unknown) => {
    problem = error instanceof Error ? error.message : String(error)
    log.error({ event: 'intents_not_stored', err: error }, 'who bans or unbans could not be recorded')
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

/** Adds what people have to know of a result, where there is something. */
export function withNote<TResult>(result: TResult, actors: ActorRecord): TResult & { note?: string } {
  const note = actors.note()
  return { ...result, ...(note !== undefined && { note }) }
}
