import * as z from 'zod'
import { OperationId } from './ban.ts'
import { Edits } from './edit.ts'
import { LockOutReport, LockOutRisk } from './lock-out.ts'
import { FilterTestReport } from './filter-test.ts'
import { Count } from './time.ts'

/** Something that fail2ban says about a configuration, and where the cause is; null: not known. `line` counts from 1. */
export const ConfigMessage = z.object({
  severity: z.enum(['error', 'warning']),
  text: z.string(),
  file: z.string().nullable(),
  line: z.int().nullable(),
  jail: z.string().nullable(),
  /** the section of the file */
  section: z.string().nullable(),
  /** the option */
  key: z.string().nullable(),
})
export type ConfigMessage = z.infer<typeof ConfigMessage>

export const PreviewConfigInput = z.object({ edits: Edits })
export type PreviewConfigInput = z.infer<typeof PreviewConfigInput>

/** What edits of the configuration would do. */
export const ConfigPreview = z.object({
  /** false: fail2ban would refuse the configuration, or BanGUI cannot write it */
  ok: z.boolean(),
  /** fail2ban's own words, or BanGUI's reason; empty: there is nothing to say */
  output: z.string(),
  messages: z.array(ConfigMessage),
  diff: z.array(z.object({ file: z.string(), unified: z.string() })),
  load: z.object({
    /** all that are loaded */
    jails: z.array(z.string()),
    /** those of them that are restarted, since their actions change */
    restartJails: z.array(z.string()),
    /** those that are stopped */
    stopJails: z.array(z.string()),
    /** never: a change loads the jails that it needs to */
    full: z.literal(false),
    /** fail2ban itself is restarted */
    restart: z.boolean(),
  }),
  bansEnding: Count,
  /** bans that are lifted for a moment */
  bansInterrupted: Count,
  /** how the tests of filters do that the change touches; empty where fail2ban refuses it */
  filterTests: z.array(FilterTestReport),
  /** the edits can ban people who should not be: such a change is kept only if it is confirmed */
  riskOfLockout: z.boolean(),
  /** why they can */
  risks: z.array(LockOutRisk),
  /** seconds in which the change has to be confirmed; null: it does not */
  confirmWithin: z.int().nullable(),
  /** whether it would have banned people; null: it cannot lock anybody out, or would be refused */
  lockOut: LockOutReport.nullable(),
})
export type ConfigPreview = z.infer<typeof ConfigPreview>

export const ApplyConfigInput = PreviewConfigInput.extend({
  /** applies the change although tests of filters fail with it, which is recorded */
  ignoreFailedTests: z.boolean().default(false),
  note: z.string().trim().max(1000).optional(),
  operationId: OperationId.optional(),
  /** false: a change that can lock people out is kept without a confirmation, which needs the permission `config.execute` */
  provisional: z.boolean().optional(),
})
export type ApplyConfigInput = z.infer<typeof ApplyConfigInput>

/** Whether the firewall blocks what a jail bans. */
export const BanComparison = z.object({
  jail: z.string(),
  banned: Count,
  /** how many of them the firewall does not have */
  missing: Count,
  /** the first of these */
  addresses: z.array(z.string()),
  /** why it cannot be told, as a sentence; null: it can */
  why: z.string().nullable(),
})
export type BanComparison = z.infer<typeof BanComparison>

/** How a change of the configuration ended. */
export const ConfigApplied = z.object({
  /** null: there was nothing to do, or the change was refused before it was saved */
  id: z.string().nullable(),
  applied: z.boolean(),
  /** it is rolled back unless it is confirmed */
  provisional: z.boolean(),
  output: z.string().nullable(),
  files: z.array(z.string()),
  /** of the jails that were restarted and have bans: whether the firewall blocks them; absent: there are none */
  firewall: z.array(BanComparison).optional(),
})
export type ConfigApplied = z.infer<typeof ConfigApplied>
