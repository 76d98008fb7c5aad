import type { OperationItemKind } from '@bangui/db'
import {
  isRead,
  LOCAL_HOST_KEY,
  type Actor,
  type Operation,
  type OperationKind,
  type OperationState,
} from '@bangui/shared'
import { randomUUID } from 'node:crypto'
import { AppError } from '../../lib/errors.ts'
import { createMemoryStore } from '../../state/memory-store.ts'
import type { Store } from '../../state/state-store.ts'
import type { OperationRequest, RecordedRequest } from './operation.ts'

/** How long an operation is listed after its end. */
const LISTED_AFTER_END_MS = 30_000

/** How many operations are known at once. */
const MAX_OPERATIONS = 100

/** Counting operations among them, which viewers can begin too: bans must have room. */
const MAX_COUNTINGS = 50

/** These are never refused because others are under way. */
const emergencies: readonly OperationKind[] = ['unban', 'jail.stop', 'daemon.stop', 'rollback']

/** An operation without an id of the client is listed once it is this old, in milliseconds, or has more items. */
const LISTED_AFTER_MS = 1_000
const MAX_UNLISTED_ITEMS = 50

/** Nobody is named who only reads. */
const NOBODY: Actor = { kind: 'user', name: null }

/** An operation under way. */
export interface RunningOperation {
  readonly operation: Operation
  readonly signal: AbortSignal
  /** the kinds of items that are kept for its undo or its continuation */
  readonly kept: Set<OperationItemKind>
  change(over: Partial<Operation>): void
  end(state: OperationState, message: string | null): void
  /** Forgets it: it never began. */
  drop(): void
}

/** The operations under way and those that ended lately, in memory. */
export interface RunningOperations {
  /** @throws AppError operation_known if an operation with this id is running, busy if there are too many */
  begin(request: BeginRequest): RunningOperation
  /** Returns those that people are shown, the oldest first. */
  list(): readonly Operation[]
  /** Returns those that are running, shown or not. */
  listRunning(): Operation[]
  /** Corrects what can be done with an operation that is still listed. */
  amend(id: string, over: Pick<Operation, 'undoable' | 'resumable'>): void
  /** Cancels an operation; returns false where it does not run or cannot be cancelled. */
  cancel(id: string): boolean
  readonly store: Store<readonly Operation[]>
}

interface Entry {
  operation: Operation
  /** the operation of the same id that is listed, and had ended */
  readonly before: Operation | undefined
  isListed: boolean
  readonly abort: AbortController
  readonly kept: Set<OperationItemKind>
}

type BeginRequest = OperationRequest & Partial<RecordedRequest<never>>

/** What BanGUI itself does is shown only where it takes a while: nobody waits for it. */
const isOwn = ({ actor }: Operation) => actor.kind === 'system'

/** The operations that people are shown. */
function createListing(clock: () => number) {
  const store = createMemoryStore<readonly Operation[]>({ initial: [] })
  const isFresh = ({ endedAt }: Operation) =>
    endedAt === null || Math.abs(clock() - endedAt) < LISTED_AFTER_END_MS
  const add = (entry: Entry) => {
    const { operation, isListed } = entry
    entry.isListed = true
    void store.update((all) =>
      isListed
        ? all.map((one) => (one.id === operation.id ? operation : one))
        : withNew(
            all.filter((one) => one.id !== operation.id && isFresh(one)),
            operation,
          ),
    )
  }
  return {
    store,
    add,
    list: () => store.get().filter(isFresh),
    has: (id: string, isMeant: (operation: Operation) => boolean) =>
      store.get().some((one) => one.id === id && isFresh(one) && isMeant(one)),
    /** Removes an operation; the one of the same id that ended before it is listed again. */
    remove: (id: string, before: Operation | undefined) =>
      void store.update((all) => all.flatMap((one) => (one.id === id ? (before ?? []) : one))),
    find: (id: string) => store.get().find((one) => one.id === id),
    amend: (id: string, over: Partial<Operation>) => {
      if (store.get().some((one) => one.id === id))
        void store.update((all) => all.map((one) => (one.id === id ? { ...one, ...over } : one)))
    },
    change(entry: Entry, over: Partial<Operation>) {
      entry.operation = { ...entry.operation, ...over }
      const isLong = (entry.operation.total ?? 0) > MAX_UNLISTED_ITEMS
      if (entry.isListed || (isLong && !isOwn(entry.operation))) add(entry)
    },
  }
}

/** Creates {@link RunningOperations}. */
export function createRunningOperations(clock: () => number): RunningOperations {
  const listing = createListing(clock)
  const running = new Map<string, Entry>()

  const refuseTooMany = (kind: Operation['kind']) => {
    if (emergencies.includes(kind)) return
    const countings = [...running.values()].filter(({ operation }) => operation.kind === 'statistics').length
    if (running.size >= MAX_OPERATIONS || (kind === 'statistics' && countings >= MAX_COUNTINGS))
      throw new AppError('busy')
  }

  const enter = (id: string, request: BeginRequest) => {
    const isOfRecord = isRead(request.kind) && listing.has(id, ({ kind }) => !isRead(kind))
    if (running.has(id) || isOfRecord) throw new AppError('operation_known')
    refuseTooMany(request.kind)
    const before = listing.find(id)
    const operation = operationOf(id, request, clock())
    const abort = new AbortController()
    const entry: Entry = { operation, before, isListed: false, abort, kept: new Set() }
    running.set(id, entry)
    if (request.id !== undefined && !isOwn(operation)) listing.add(entry)
    else listing.change(entry, {})
    return entry
  }

  return {
    store: listing.store,
    list: listing.list,
    amend: listing.amend,
    listRunning: () => [...running.values()].map(({ operation }) => operation),

    begin(request) {
      const id = request.id ?? randomUUID()
      const entry = enter(id, request)
      const reveal = setTimeout(() => listing.add(entry), LISTED_AFTER_MS).unref()
      const leave = () => {
        clearTimeout(reveal)
        running.delete(id)
      }
      return {
        get operation() {
          return entry.operation
        },
        signal: entry.abort.signal,
        kept: entry.kept,
        change: (over) => listing.change(entry, over),
        end(state, message) {
          leave()
          listing.change(entry, { ...endOf(entry, state), state, message, endedAt: clock() })
        },
        drop() {
          leave()
          listing.remove(id, entry.before)
        },
      }
    },

    cancel(id) {
      const entry = running.get(id)
      if (entry?.operation.cancellable !== true) return false
      entry.abort.abort(new AppError('operation_cancelled'))
      return true
    },
  }
}

/** Returns what can be done with an operation after its end. */
const endOf = ({ operation, kept }: Entry, state: OperationState) => ({
  cancellable: false,
  step: undefined,
  undoable: operation.undoes === null && (kept.has('banned') || kept.has('unbanned')),
  resumable: (state === 'cancelled' || state === 'interrupted') && kept.has('requested'),
})

const operationOf = (id: string, request: BeginRequest, now: number): Operation => ({
  id,
  host: request.host?.key ?? LOCAL_HOST_KEY,
  kind: request.kind,
  title: request.title,
  actor: request.actor ?? NOBODY,
  done: request.resumes?.done ?? 0,
  total: request.total,
  state: 'running',
  startedAt: request.resumes?.startedAt ?? now,
  endedAt: null,
  message: null,
  cancellable: request.cancellable,
  undoable: false,
  resumable: false,
  undoes: request.undoes ?? null,
  ...(typeof request.resumes?.by === 'string' && { resumedBy: request.resumes.by }),
  ...(request.askedBy && { askedBy: [...request.askedBy] }),
})

/** Removes the oldest operations that have ended; running ones stay. */
function withNew(all: readonly Operation[], operation: Operation): readonly Operation[] {
  const surplus = all.length + 1 - MAX_OPERATIONS
  if (surplus <= 0) return [...all, operation]
  const ended = all.filter(({ endedAt }) => endedAt !== null).slice(0, surplus)
  return [...all.filter((one) => !ended.includes(one)), operation]
}
