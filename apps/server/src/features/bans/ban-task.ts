import type { PendingAction } from '@bangui/db'
import { isHostError } from '@bangui/fail2ban'
import { counted } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import type { OperationHandle } from '../operations/operation.ts'

/** Work on bans, for its title and progress. */
export interface BanTask {
  readonly kind: 'ban' | 'unban'
  /** the addresses, or how many there are */
  readonly addresses: readonly string[] | number
  /** the jail, or a word for all of them */
  readonly where: string
}

const verbs = { ban: 'Banning', unban: 'Unbanning' }

/** Returns a title such as "Banning 45.1.1.1 in sshd" or "Unbanning 5,000 addresses in all jails". */
export function titleOf({ kind, addresses, where }: BanTask): string {
  const count = countOf(addresses)
  const [only] = typeof addresses === 'object' && count === 1 ? addresses : []
  const object = only ?? counted(count, 'address', 'addresses')
  return `${verbs[kind]} ${object} in ${where}`
}

const countOf = (addresses: BanTask['addresses']) =>
  typeof addresses === 'number' ? addresses : addresses.length

/**
 * Runs work on bans as a part of an operation, shown as the daemon's activity.
 * @throws AppError ban_interrupted, with how far it got, where the daemon went offline
 */
export async function runBanTask<TResult>(
  { monitor, archive, log }: Pick<HostDeps, 'monitor' | 'archive' | 'log'>,
  { task, operation }: { readonly task: BanTask; readonly operation: OperationHandle },
  work: (operation: OperationHandle) => Promise<TResult>,
): Promise<TResult> {
  let reached = 0
  let all = countOf(task.addresses)
  operation.describe(titleOf(task), all)
  const noting = (done: number, total?: number | null) => {
    reached = done
    all = total ?? all
    operation.progress(done, all)
  }
  let isAnswered = false
  try {
    const result = await monitor.withActivity('banning', () => work({ ...operation, progress: noting }))
    isAnswered = true
    return result
  } catch (error) {
    throw withProgress(error, reached, all)
  } finally {
    await archive.closePendingActions({ operation: operation.id, isAnswered }).catch((error: unknown) => {
      log.warn(
        { event: 'pending_not_closed', err: error },
        'the pending actions of an operation could not be closed',
      )
    })
  }
}

/** Compares the bans after a change where the log is not followed. Never rejects. */
export async function afterBansChanged({
  state,
  reconcile,
  log,
}: Pick<HostDeps, 'state' | 'reconcile' | 'log'>): Promise<void> {
  if (state.get().watching.events.state === 'following') return
  await reconcile().catch((error: unknown) => {
    log.warn({ event: 'reconcile_failed', err: error }, 'the bans could not be compared with the daemon')
  })
}

/** Returns the error that interrupted a list, with how far it got. */
export function withProgress(error: unknown, done: number, total: number): unknown {
  if (total === 1) return error
  const interrupted = (message: string) =>
    new AppError('ban_interrupted', { done, total, message }, { cause: error })
  if (error instanceof AppError && error.code === 'ban_end_not_kept' && done > 0)
    return interrupted(error.message)
  if (!isHostError(error, 'daemon_unavailable')) return error
  // the text of the error counts only the chunk that the host was given
  return interrupted(error.params.message)
}

/**
 * Records the actor of bans and unbans before they are sent, if the database can be written: a full disk blocks no ban in an
 * emergency. The user is informed afterwards.
 */
export interface ActorRecord {
  record(pendingActions: readonly PendingAction[]): Promise<void>
  /** Notes that something else, such as an end or what an undo needs, could not be recorded. */
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
  let isAuthorLost = recordError !== undefined
  const failed = (error: unknown) => {
    problem = error instanceof Error ? error.message : String(error)
    log.error(
      { event: 'intents_not_stored', err: error },
      'what belongs to a ban or unban could not be recorded',
    )
  }
  return {
    record: (actions) =>
      archive.addPendingActions(actions).catch((error: unknown) => {
        isAuthorLost = true
        failed(error)
      }),
    failed,
    note: () =>
      problem === undefined
        ? undefined
        : `Done, but ${isAuthorLost ? 'the user and the reason' : 'something about it'} could not be recorded: ${problem}`,
  }
}

/** Returns a result with its note for the user, if there is one. */
export function withNote<TResult>(result: TResult, actors: ActorRecord): TResult & { note?: string } {
  const note = actors.note()
  return { ...result, ...(note !== undefined && { note }) }
}
