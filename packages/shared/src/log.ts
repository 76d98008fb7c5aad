import * as z from 'zod'
import { RegexOutcome } from './regex-test.ts'

/** Bounds of reading logs. */
export const logLimits = { lines: 1000, bytes: 512 * 1024, files: 200 } as const

/** A log that may be read: fail2ban's own, that of a jail, or another one of the folders in `BANGUI_LOG_DIRS`. */
export const LogFile = z.object({
  /** as the configuration or the folder has it */
  path: z.string(),
  kind: z.enum(['own', 'jail', 'folder']),
  /** the jails that read it, enabled or not */
  jails: z.array(z.string()),
  /** null: not known */
  size: z.number().nullable(),
  /** when it was written last, epoch milliseconds; null: not known */
  changedAt: z.number().nullable(),
  /** why it cannot be read; null: it can */
  problem: z.string().nullable(),
})
export type LogFile = z.infer<typeof LogFile>

/** Entries of the journal that a jail reads, as in `journalmatch`. */
export const JournalSource = z.object({ matches: z.string(), jails: z.array(z.string()) })
export type JournalSource = z.infer<typeof JournalSource>

/** The logs that may be read. */
export const LogList = z.object({
  files: z.array(LogFile),
  journals: z.array(JournalSource),
  /** why the journal cannot be read; null: it can */
  journalProblem: z.string().nullable(),
})
export type LogList = z.infer<typeof LogList>

/** Which log is read: a file of the list, or entries of the journal; neither: fail2ban's own log. */
export const LogSource = z.object({
  log: z.string().startsWith('/').max(4096).optional(),
  journal: z.string().max(1024).optional(),
})
export type LogSource = z.infer<typeof LogSource>

/** The end of a log. */
export const LogTail = z.object({
  /** its path, `journal`, or what fail2ban logs to where that is no file */
  source: z.string(),
  /** it is fail2ban's own log */
  own: z.boolean(),
  /** the last lines, oldest first */
  lines: z.array(z.string()),
  /** there are earlier lines */
  isCut: z.boolean(),
  /** why there are no lines; null: they could be read */
  problem: z.string().nullable(),
})
export type LogTail = z.infer<typeof LogTail>

/** A line of a log, with what the filter of a jail makes of it: `matched` is a failure of `address`. Null: not tested. */
export const LogLine = z.object({
  text: z.string(),
  outcome: RegexOutcome.nullable(),
  address: z.string().nullable(),
  /** the line is for administrators: its text is left out */
  hidden: z.boolean().optional(),
})
export type LogLine = z.infer<typeof LogLine>

/** Which log is followed; `jail`: the jail whose filter decides which lines are highlighted. */
export const FollowLogInput = LogSource.extend({
  jail: z.string().min(1).max(255).optional(),
  limit: z.int().min(0).max(logLimits.lines).default(200),
})
export type FollowLogInput = z.infer<typeof FollowLogInput>

/** The end of a log, as many lines as wanted. */
export const LogTailInput = LogSource.extend({ limit: z.int().min(1).max(logLimits.lines).default(200) })
export type LogTailInput = z.infer<typeof LogTailInput>

/**
 * Lines as they were written. `own`: of fail2ban's own log; `restarted`: the log was rotated or emptied before them; `dropped`: how many
 * lines before them are left out.
 */
export const LogBatch = z.object({
  own: z.boolean(),
  lines: z.array(z.string()),
  restarted: z.boolean(),
  dropped: z.int(),
  problem: z.string().nullable(),
})
export type LogBatch = z.infer<typeof LogBatch>
