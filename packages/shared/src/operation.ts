import * as z from 'zod'
import { Cursor, Limit, OperationId } from './ban.ts'
import { Count, Time } from './time.ts'

/** `statistics`, `health`, `export` and `import` only read fail2ban: their progress is shown, but no record of them is kept. */
export const OperationKind = z.enum([
  'ban',
  'ban.update',
  'unban',
  'undo',
  'jail.activate',
  'jail.deactivate',
  'jail.start',
  'jail.stop',
  'jail.reload',
  'jail.restart',
  'jail.idle',
  'jail.update',
  'jail.create',
  'jail.prove_ban',
  'blocklist.import',
  'pause.start',
  'pause.end',
  'config.apply',
  'config.revert',
  'daemon.start',
  'daemon.stop',
  'daemon.restart',
  'daemon.reload',
  'daemon.cancel_load',
  'ignore.add',
  'ignore.update',
  'ignore.remove',
  'ignore.import',
  'ignore.keep',
  'rollback',
  'import',
  'statistics',
  'health',
  'export',
])
export type OperationKind = z.infer<typeof OperationKind>

/**
 * `partly`: it ended by itself, but some of its items were refused or failed; `interrupted`: BanGUI ended while it was
 * running.
 */
export const OperationState = z.enum(['running', 'done', 'partly', 'failed', 'cancelled', 'interrupted'])
export type OperationState = z.infer<typeof OperationState>

export const ActorKind = z.enum(['user', 'token', 'schedule', 'system'])
export type ActorKind = z.infer<typeof ActorKind>

/** Who started an operation. `id`: of the user, whose name somebody else may have later; absent: no user, or not known. */
export const Actor = z.object({ kind: ActorKind, name: z.string().nullable(), id: z.int().optional() })
export type Actor = z.infer<typeof Actor>

/** Where a change of the configuration is; `jail` is about `loading`. */
export const OperationStep = z.object({
  name: z.enum(['testing', 'rehearsing', 'saving', 'writing', 'loading', 'comparing']),
  jail: z.string().nullable(),
  /** how many of its jails were loaded, and how many there are */
  done: Count,
  total: Count,
})
export type OperationStep = z.infer<typeof OperationStep>

/** Something that an actor does to a host; `live.watch` reports its progress. */
export const Operation = z.object({
  id: z.string(),
  /** the key of the host */
  host: z.string(),
  kind: OperationKind,
  /** a short title, such as "Banning 5,000 addresses in sshd" */
  title: z.string(),
  actor: Actor,
  done: Count,
  /** null: unknown */
  total: Count.nullable(),
  state: OperationState,
  startedAt: Time,
  endedAt: Time.nullable(),
  /** what it does now; absent: it has no steps, or has ended */
  step: OperationStep.optional(),
  /** why it failed */
  message: z.string().nullable(),
  cancellable: z.boolean(),
  /** `operations.undo` can undo it */
  undoable: z.boolean(),
  /** `operations.resume` can continue it */
  resumable: z.boolean(),
  /** the id of the operation that this one undoes */
  undoes: z.string().nullable(),
  /** the name of whoever continued it last, after an interruption; absent: nobody */
  resumedBy: z.string().optional(),
  /** the names of the users who asked for what BanGUI itself does, such as for the custom end of a ban; absent: nobody */
  askedBy: z.array(z.string()).optional(),
})
export type Operation = z.infer<typeof Operation>

export const OperationInput = z.object({ id: OperationId })

export const UndoInput = OperationInput.extend({
  /** takes a change back although tests of filters fail without it */
  ignoreFailedTests: z.boolean().default(false),
  /** of a change: as for `config.apply` */
  provisional: z.boolean().optional(),
})
export type UndoInput = z.infer<typeof UndoInput>

export const ListOperationsInput = z
  .object({
    state: OperationState.optional(),
    kind: OperationKind.optional(),
    /** the name of the actor */
    actor: z.string().max(255).optional(),
    cursor: Cursor.nullish(),
    limit: Limit,
  })
  .prefault({})
export type ListOperationsInput = z.infer<typeof ListOperationsInput>

/** A page of operations, the newest first. */
export const OperationList = z.object({ rows: z.array(Operation), nextCursor: z.string().nullable() })
export type OperationList = z.infer<typeof OperationList>
