import * as z from 'zod'
import { Time } from './time.ts'

/** What went wrong: the daemon crashed, did not come back, refused the load, or lost jails, or nobody confirmed the change. */
export const RecoveryCause = z.enum(['crashed', 'not_back', 'load_refused', 'jails_missing', 'not_confirmed'])
export type RecoveryCause = z.infer<typeof RecoveryCause>

/** What the change did to its jail; `started`, `stopped` and `reloaded` are changes without files. */
export const RecoveryKind = z.enum(['activated', 'deactivated', 'edited', 'started', 'stopped', 'reloaded'])
export type RecoveryKind = z.infer<typeof RecoveryKind>

/** A failed change that can be rolled back, or was (`recovered`). */
export const PendingRecovery = z.object({
  /** absent if no change of BanGUI is known to be the cause */
  kind: RecoveryKind.optional(),
  /** the jail of the change; null: the change is about several jails or none, or no known change caused it */
  jailName: z.string().nullable(),
  /** the title of the change, such as "Activating jail sshd"; absent if no change of BanGUI is known to be the cause */
  title: z.string().optional(),
  activatedAt: Time,
  detectedAt: Time,
  recovered: z.boolean(),
  cause: RecoveryCause,
  missingJails: z.array(z.string()),
  changeId: z.string().nullable(),
})
export type PendingRecovery = z.infer<typeof PendingRecovery>

/** The last change that was loaded; `changeId` names the saved files that undo it. */
export const LastActivation = z.object({
  kind: RecoveryKind.optional(),
  /** null: the change is about several jails or none */
  jailName: z.string().nullable(),
  title: z.string().optional(),
  at: Time,
  changeId: z.string().nullable(),
})
export type LastActivation = z.infer<typeof LastActivation>

/** The steps of a rollback, in order. */
export const RollbackStep = z.enum(['restoring', 'testing', 'loading', 'starting', 'waiting'])
export type RollbackStep = z.infer<typeof RollbackStep>

/** A rollback that runs or has just ended: the finished steps and their result. */
export const RecoveryProgress = z.object({
  /** as in the record that is rolled back */
  jailName: z.string().nullable(),
  startedAt: Time,
  step: z.union([RollbackStep, z.literal('done'), z.literal('failed')]),
  done: z.array(RollbackStep),
  message: z.string().nullable(),
  output: z.string().nullable(),
})
export type RecoveryProgress = z.infer<typeof RecoveryProgress>

/** What a rollback did. `restored` are the paths of the files put back. */
export const RollbackResult = z.object({
  restored: z.array(z.string()),
  started: z.boolean(),
  online: z.boolean(),
  output: z.string().nullable(),
  /** a sentence for people about a secondary problem, such as that the user could not be recorded */
  note: z.string().optional(),
})
export type RollbackResult = z.infer<typeof RollbackResult>
