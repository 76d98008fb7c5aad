import { mutex } from '@bangui/async'
import { isHostError, type Fail2banHost } from '@bangui/fail2ban'
import type {
  ConfigConfirmed,
  ConfirmConfigInput,
  LockOutRisk,
  PendingRecovery,
  RecoveryKind,
  RollbackResult,
} from '@bangui/shared'
import type { Connections } from '../../http/connections.ts'
import { AppError } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { RuntimeState } from '../../state/runtime-state.ts'
import type { StateStore } from '../../state/state-store.ts'
import type { StreamRegistry } from '../live/stream-registry.ts'
import type { Operations } from '../operations/operations.ts'
import { outcomeOfRollback } from '../operations/outcomes.ts'
import type { ChangeRecords } from './change-records.ts'
import { subjectOf } from './changed-jail.ts'
import {
  untilSecond,
  validateConfirmation,
  type Applier,
  type Confirmer,
  type WaitingChange,
} from './confirmation.ts'

/** The change of a host that waits to be confirmed, one at most. Without a confirmation it is rolled back when its time is over. */
export interface Confirmations {
  /**
   * Begins to wait for the confirmation of a change that was loaded. Streams and connections from before end, so that who
   * follows has to get through again.
   */
  begin(change: LoadedChange, applied: Applier): Promise<void>
  /** Takes a confirmation; the second one keeps the change. @throws AppError confirm_none */
  confirm(
    input: ConfirmConfigInput,
    from: Confirmer & { readonly throughProxy: boolean },
  ): Promise<ConfigConfirmed>
  /** Rolls the change back that waits; null: none does. */
  rollBack(): Promise<RollbackResult | null>
  /** Goes on after a restart of BanGUI: waits for the rest of the time, and rolls back what is overdue. */
  resume(): Promise<void>
  /** Stops waiting in this process; the host still knows of the change. */
  stop(): void
}

/** A change that was loaded and has to be confirmed. */
export interface LoadedChange {
  readonly id: string
  readonly title: string
  readonly kind: RecoveryKind
  readonly jailName: string | null
  readonly risks: readonly LockOutRisk[]
  readonly withinMs: number
  readonly confirmBy: number
}

export interface ConfirmationsOptions {
  readonly host: Fail2banHost
  /** its id in the database and its key, for the records of operations */
  readonly of: { readonly id: number; readonly key: string }
  readonly state: StateStore
  readonly changes: ChangeRecords
  readonly operations: Operations
  readonly connections: Connections
  readonly streams: StreamRegistry
  readonly clock: () => number
  readonly log: Logger
  /** Rolls the pending recovery back. */
  readonly rollBack: () => Promise<RollbackResult>
  /** after how long a rollback that was refused beside other work is tried again, in milliseconds @default 1,000 */
  readonly retryMs?: number
}

type Waiting = WaitingChange & Pick<LoadedChange, 'kind' | 'jailName'>

/** The change that waits, shown to everybody, with the timer that ends its time. */
function createWait({ state }: Pick<ConfirmationsOptions, 'state'>, onOver: () => void) {
  let waiting: Waiting | null = null
  let timer: NodeJS.Timeout | undefined
  const wait = {
    get: () => waiting,
    async set(change: Waiting | null): Promise<void> {
      waiting = change
      if (change === null) clearTimeout(timer)
      await state.update((current) => ({ ...current, unconfirmedChange: change && shownOf(change) }))
    },
    expireIn(milliseconds: number): void {
      clearTimeout(timer)
      timer = setTimeout(onOver, Math.max(0, milliseconds)).unref()
    },
    stop: () => clearTimeout(timer),
  }
  return wait
}

/** Creates {@link Confirmations}. */
export function createConfirmations(options: ConfirmationsOptions): Confirmations {
  const { host, changes, connections, streams, clock, log, retryMs = 1_000 } = options
  const oneAtATime = mutex()
  const wait = createWait(options, () => void oneAtATime(expire))

  const begin = async (change: LoadedChange, applied: Applied) => {
    const { withinMs, confirmBy, risks, ...rest } = change
    const { sessionId, userId, userName: by } = applied
    const generation = await connections.begin({ closing: true })
    const times = { appliedAt: confirmBy - withinMs, confirmBy, confirmations: 0 }
    wait.expireIn(Math.min(confirmBy - clock(), withinMs))
    await wait.set({ ...rest, ...times, risks: [...risks], by, sessionId, userId, generation })
    streams.endAll()
  }

  const rollBackNow = async (change: Waiting): Promise<RollbackResult> => {
    await offerRollback(options, change)
    try {
      const result = await options.rollBack()
      await wait.set(null)
      return result
    } catch (error) {
      // beside other work it is tried again; what else went wrong is offered as a recovery
      if (!isBusy(error)) await wait.set(null)
      throw error
    }
  }

  const rollBack = async () => {
    const change = wait.get()
    return change && rollBackNow(change)
  }

  const expire = async () => {
    const change = wait.get()
    if (!change) return
    const { id, title } = change
    log.warn({ event: 'change_not_confirmed', changeId: id }, `nobody confirmed the change: ${title}`)
    try {
      await asOperation(options, title, () => rollBackNow(change))
    } catch (error) {
      log.error({ event: 'rollback_failed', err: error }, 'an unconfirmed change could not be rolled back')
      if (wait.get()) wait.expireIn(retryMs)
    }
  }

  const confirm: Confirmations['confirm'] = async (input, from) => {
    const { userName, throughProxy } = from
    const change = wait.get()
    if (change?.id !== input.id) throw new AppError('confirm_none')
    const now = clock()
    const verdict = input.keep ? 'second' : validateConfirmation(change, from, now)
    if (verdict === 'elsewhere')
      return { kept: false, counted: false, nextInMs: null, own: false, throughProxy }
    if (verdict === 'second') {
      await keepChange(options, change, userName)
      await wait.set(null)
      return { kept: true, counted: true, nextInMs: null, own: true, throughProxy }
    }
    const isFirst = verdict === 'first'
    // the second one has to come over a connection of its own
    if (isFirst) await wait.set({ ...change, confirmations: 1, generation: await connections.begin() })
    const isNone = !isFirst && change.confirmations === 0
    const nextInMs = isNone ? 0 : untilSecond(change, now)
    return { kept: false, counted: isFirst, nextInMs, own: true, throughProxy }
  }

  return {
    begin,
    confirm: (input, from) => oneAtATime(() => confirm(input, from)),
    rollBack: () => oneAtATime(rollBack),
    async resume() {
      const found = await host.config.findUnconfirmed()
      await changes.endProvisional(found?.change.id ?? null)
      if (!found) return
      const { change, ...rest } = found
      const { id, title, load } = change
      const [known] = await changes.listApplied([id])
      if (known !== undefined) return host.config.confirm(id)
      log.warn({ event: 'change_unconfirmed', changeId: id }, `this change waits to be confirmed: ${title}`)
      const author = await changes.findAuthor(id)
      const applied = { sessionId: null, userId: author?.id ?? null, userName: author?.name ?? null }
      await begin({ id, title, ...subjectOf(load), ...rest }, applied)
    },
    stop: wait.stop,
  }
}

async function keepChange(
  { host, changes, log }: ConfirmationsOptions,
  { id, title }: Waiting,
  user: string,
): Promise<void> {
  // first: with a record that says so, the next start keeps the change as well
  await changes.noteState(id, 'applied')
  await host.config.confirm(id)
  log.info({ event: 'change_confirmed', changeId: id, user }, `the change was confirmed: ${title}`)
}

interface Applied {
  readonly sessionId: string | null
  readonly userId: number | null
  readonly userName: string | null
}

/** A database that fails does not keep the rollback from its work: the state holds the record. */
const offerRollback = ({ state, clock, log }: ConfirmationsOptions, change: Waiting): Promise<void> =>
  state
    .update((current) => withUnconfirmed(current, recordOf(change, clock())))
    .then(
      () => undefined,
      (error: unknown) =>
        log.error({ event: 'state_save_failed', err: error }, 'the state could not be saved'),
    )

/** Runs what BanGUI does by itself with a record. */
const asOperation = (
  { operations, of }: ConfirmationsOptions,
  title: string,
  work: () => Promise<RollbackResult>,
): Promise<RollbackResult> =>
  operations.run(
    {
      kind: 'rollback',
      title: `Rolling back, because nobody confirmed it: ${title}`,
      actor: { kind: 'system', name: null },
      host: of,
      total: null,
      cancellable: false,
      outcomeOf: outcomeOfRollback,
    },
    work,
  )

const isBusy = (error: unknown) =>
  isHostError(error, 'busy') || (error instanceof AppError && error.code === 'busy')

const shownOf = ({ id, title, by, appliedAt, confirmBy, risks, confirmations }: Waiting) => ({
  id,
  title,
  by,
  appliedAt,
  confirmBy,
  risks,
  confirmations,
})

const recordOf = ({ id, title, kind, jailName, appliedAt }: Waiting, now: number): PendingRecovery => ({
  kind,
  jailName,
  title,
  activatedAt: appliedAt,
  detectedAt: now,
  recovered: false,
  cause: 'not_confirmed',
  missingJails: [],
  changeId: id,
})

/** A record that the same change has already, such as of a crash, stays; any other one gives way: only one can be rolled back. */
const withUnconfirmed = (state: RuntimeState, record: PendingRecovery): RuntimeState => {
  const { pendingRecovery: pending } = state
  const isKnown = pending !== null && !pending.recovered && pending.changeId === record.changeId
  return isKnown ? state : { ...state, pendingRecovery: record }
}
