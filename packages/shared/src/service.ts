import * as z from 'zod'
import { LogFile } from './log.ts'
import { logCheckLimits } from './log-check-limits.ts'
import { Count } from './time.ts'
import { RegexFilter } from './regex-test.ts'

/** A service of this machine that stock jails protect. */
export const FoundService = z.object({
  id: z.string(),
  name: z.string(),
  /** a process of it runs where BanGUI sees processes */
  running: z.boolean(),
  /** the stock jails for it that the configuration has, the usual one first */
  jails: z.array(z.object({ name: z.string(), enabled: z.boolean(), filter: z.string().nullable() })),
  /** its log files, as far as they exist and may be read */
  logs: z.array(LogFile.pick({ path: true, size: true, changedAt: true })),
  /** the entries of the journal that it writes, as in `journalmatch`; null: there is no journal, or it does not write to it */
  journal: z.string().nullable(),
})
export type FoundService = z.infer<typeof FoundService>

/** Lines of `logpath`, and what decides which lines match; without it, nothing is matched. */
export const CheckLogsInput = z.object({
  paths: z.array(z.string().min(1).max(4096)).max(logCheckLimits.paths),
  /** entries of the journal, as in `journalmatch`, which are looked at as one more path */
  journal: z.string().trim().min(1).max(1024).optional(),
  filter: RegexFilter.pick({ filter: true, mode: true, jail: true }).optional(),
})
export type CheckLogsInput = z.infer<typeof CheckLogsInput>

/** What is known of a log file. */
export const CheckedLog = LogFile.pick({ path: true, size: true, changedAt: true, problem: true }).extend({
  exists: z.boolean(),
  /** of the last lines; null: not known (yet) */
  matches: z.object({ lines: Count, matched: Count }).nullable(),
})
export type CheckedLog = z.infer<typeof CheckedLog>

/** The files of one line of `logpath`. */
export const CheckedPath = z.object({
  path: z.string(),
  files: z.array(CheckedLog),
  /** how many further files match its wildcards */
  more: Count,
})
export type CheckedPath = z.infer<typeof CheckedPath>
