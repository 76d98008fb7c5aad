import * as z from 'zod'
import { backupLimits } from './backup-limits.ts'
import { FileEdit } from './edit.ts'
import { Count, Time } from './time.ts'

/** A file of the configuration that no package owns. */
export const OwnFile = z.object({
  /** relative to the configuration folder */
  path: z.string(),
  /** base64; null: it could not be read */
  content: z.string().nullable(),
  /** the permissions, such as 0o644 */
  mode: Count,
  changedAt: Time,
  /** why it could not be read, as a sentence */
  problem: z.string().nullable(),
})
export type OwnFile = z.infer<typeof OwnFile>

/** A file that is left out, and why, as a sentence. */
export const LeftOutFile = z.object({ path: z.string(), why: z.string() })
export type LeftOutFile = z.infer<typeof LeftOutFile>

/** All own files of the configuration as one archive. */
export const ConfigBackup = z.object({
  /** of the archive as a file */
  name: z.string(),
  /** a tar.gz file, base64 */
  archive: z.string(),
  files: z.array(z.string()),
  leftOut: z.array(LeftOutFile),
})
export type ConfigBackup = z.infer<typeof ConfigBackup>

export const ReadBackupInput = z.object({ archive: z.base64().max(backupLimits.archive) })
export type ReadBackupInput = z.infer<typeof ReadBackupInput>

/** What a backup would change, as edits for a draft; nothing is changed. */
export const BackupComparison = z.object({
  /** files that differ, or that are not there */
  edits: z.array(FileEdit),
  /** own files that the backup does not have: edits that remove them */
  removals: z.array(FileEdit),
  /** files that are as in the backup */
  same: Count,
  /** files that BanGUI does not write */
  leftOut: z.array(LeftOutFile),
})
export type BackupComparison = z.infer<typeof BackupComparison>

/**
 * A file that an upgrade left beside one of the configuration. `offered`: what the package has, and did not install; `former`: what was
 * there before the upgrade.
 */
export const UpgradeFile = z.object({
  /** relative to the configuration folder, as `of` */
  path: z.string(),
  kind: z.enum(['offered', 'former']),
  /** the file that fail2ban reads */
  of: z.string(),
  /** there is such a file */
  isThere: z.boolean(),
  /** what the upgrade would change (`offered`), or has changed (`former`), as a unified diff; empty: nothing; null: it is not known */
  diff: z.string().nullable(),
  /** why it is not known, as a sentence */
  problem: z.string().nullable(),
})
export type UpgradeFile = z.infer<typeof UpgradeFile>
