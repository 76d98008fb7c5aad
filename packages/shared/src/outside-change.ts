import * as z from 'zod'
import { Time } from './time.ts'

const Hash = z.hex().length(64)

/** A file as it was last seen. */
export const KnownFile = z.object({
  stamp: z.string(),
  hash: Hash,
  /** in bytes */
  size: z.int().nonnegative(),
  /** a copy is kept */
  kept: z.boolean(),
})
export type KnownFile = z.infer<typeof KnownFile>

/** A change that somebody made without BanGUI. */
export const OutsideEntry = z.object({
  /** that of its saved files */
  id: z.uuid(),
  title: z.string(),
  /** when it was noticed */
  at: Time,
  /** when the first part of it was noticed */
  began: Time,
  /** the entry that this one continues */
  replaces: z.uuid().nullable(),
  /** paths of its files */
  files: z.array(z.string()),
})
export type OutsideEntry = z.infer<typeof OutsideEntry>

/** The files of a configuration as a host last saw them. */
export const KnownIndex = z.object({
  version: z.literal(1),
  configDir: z.string(),
  /** when the files were seen so */
  at: Time,
  files: z.record(z.string(), KnownFile),
  /** the last ones that were noticed, the oldest first */
  entries: z.array(OutsideEntry),
})
export type KnownIndex = z.infer<typeof KnownIndex>
