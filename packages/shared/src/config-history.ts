import * as z from 'zod'
import { Cursor, Limit, OperationId } from './ban.ts'
import { ChangeState } from './change.ts'
import { ActorKind } from './operation.ts'
import { Count, Time } from './time.ts'

export const ConfigHistoryInput = z.object({ cursor: Cursor.nullish(), limit: Limit }).prefault({})
export type ConfigHistoryInput = z.infer<typeof ConfigHistoryInput>

/** A change of the configuration. */
export const ConfigHistoryRow = z.object({
  id: z.string(),
  at: Time,
  /** null: nobody knows whose change it was */
  actor: z.object({ kind: ActorKind, name: z.string().nullable() }).nullable(),
  title: z.string(),
  note: z.string().nullable(),
  state: ChangeState,
  files: z.array(z.string()),
  /** the operation that made it */
  operationId: z.string().nullable(),
  /** somebody made it without BanGUI */
  outside: z.boolean(),
})
export type ConfigHistoryRow = z.infer<typeof ConfigHistoryRow>

/** A page of changes, the newest first. */
export const ConfigHistory = z.object({ rows: z.array(ConfigHistoryRow), nextCursor: z.string().nullable() })
export type ConfigHistory = z.infer<typeof ConfigHistory>

export const ConfigChangeInput = z.object({ id: z.uuid() })
export type ConfigChangeInput = z.infer<typeof ConfigChangeInput>

/** A file of a change. */
export const ConfigChangeFile = z.object({
  /** relative to the configuration folder */
  file: z.string(),
  /** its difference */
  unified: z.string(),
  /** how the file is now: as the change left it, as before the change, or otherwise */
  now: z.enum(['after', 'before', 'other']),
})
export type ConfigChangeFile = z.infer<typeof ConfigChangeFile>

/** A change of the configuration with all that is kept of it. */
export const ConfigChange = ConfigHistoryRow.omit({ files: true }).extend({
  /** null: the host has deleted them, or cannot read them */
  files: z.array(ConfigChangeFile).nullable(),
  /** paths of files of which nothing is kept */
  omitted: z.array(z.string()),
  /** when the files were last seen as before; null: BanGUI made the change */
  since: Time.nullable(),
  /** how fail2ban tested it; null: it did not, or that is not kept */
  tested: z.object({ output: z.string().nullable(), passed: Count, failed: Count }).nullable(),
  /** what fail2ban said when it was loaded; null: nothing */
  output: z.string().nullable(),
  /** values that may be secrets, and output of fail2ban, are left out */
  hidden: z.boolean(),
})
export type ConfigChange = z.infer<typeof ConfigChange>

/** An option that was changed again after a change. Values are null where nothing sets the option. */
export const RevertConflict = z.object({
  /** relative to the configuration folder */
  file: z.string(),
  section: z.string(),
  key: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  now: z.string().nullable(),
})
export type RevertConflict = z.infer<typeof RevertConflict>

/** What becomes of such an option: it stays as it is, or gets the value from before the change. `now` is the value that was seen. */
export const RevertChoice = RevertConflict.pick({ file: true, section: true, key: true, now: true }).extend({
  take: z.enum(['now', 'before']),
})
export type RevertChoice = z.infer<typeof RevertChoice>

/** What a revert would do, without a test by fail2ban. */
export const RevertComparison = z.object({
  files: z.array(z.object({ file: z.string(), unified: z.string() })),
  /** those without a choice; the files are shown with these options as they are now */
  conflicts: z.array(RevertConflict),
  /** why the change cannot be reverted; null: it can */
  problem: z.string().nullable(),
})
export type RevertComparison = z.infer<typeof RevertComparison>

const Choices = z
  .array(
    RevertChoice.extend({
      file: z.string().max(512),
      section: z.string().max(1024),
      key: z.string().max(1024),
      now: z
        .string()
        .max(1024 * 1024)
        .nullable(),
    }),
  )
  .max(500)

export const CompareRevertInput = z.object({ id: z.uuid(), choices: Choices.default([]) })
export type CompareRevertInput = z.infer<typeof CompareRevertInput>

export const RevertConfigInput = CompareRevertInput.extend({
  operationId: OperationId.optional(),
  /** as for `config.apply` */
  ignoreFailedTests: z.boolean().default(false),
  /** as for `config.apply` */
  provisional: z.boolean().optional(),
})
export type RevertConfigInput = z.infer<typeof RevertConfigInput>
