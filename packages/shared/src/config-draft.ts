import * as z from 'zod'
import { Edit, MAX_EDITS } from './edit.ts'
import { Count, Time } from './time.ts'

/** The longest draft, as JSON, in characters. */
export const MAX_DRAFT_LENGTH = 3 * 1024 * 1024

const DraftEdits = z
  .array(Edit)
  .max(MAX_EDITS)
  .refine(
    (edits) => JSON.stringify(edits).length <= MAX_DRAFT_LENGTH,
    'The draft is too large. Apply a part of it first.',
  )

/** The edits of the configuration that a user has not applied yet. */
export const ConfigDraft = z.object({
  /** grows with each time that it is saved; 0: it never was */
  revision: Count,
  edits: z.array(Edit),
  /** null: it was never saved */
  savedAt: Time.nullable(),
})
export type ConfigDraft = z.infer<typeof ConfigDraft>

/** All edits of a draft, and the revision that they were made on. */
export const SaveDraftInput = z.object({ edits: DraftEdits, revision: Count })
export type SaveDraftInput = z.infer<typeof SaveDraftInput>

/** Why an edit of a draft cannot be made, and the option that this is about, as far as it is known. */
export const DraftProblem = z.object({
  message: z.string(),
  /** relative to the configuration folder */
  file: z.string().nullable(),
  section: z.string().nullable(),
  key: z.string().nullable(),
})
export type DraftProblem = z.infer<typeof DraftProblem>

/** One edit of a draft, compared with the files on disk. */
export const ComparedEdit = z.object({
  /** null: it can be made */
  problem: DraftProblem.nullable(),
  /**
   * What is on disk is not what the edit was made on: `now` is the present value of the option, or the SHA-256 of the file (null: there is
   * none), which is the `base` of an edit that is made on the present state. Null: nothing has changed.
   */
  changed: z.object({ now: z.string().nullable() }).nullable(),
})
export type ComparedEdit = z.infer<typeof ComparedEdit>

/** What a draft would change in the files, without a test by fail2ban. */
export const DraftComparison = z.object({
  /** in the order of the edits */
  edits: z.array(ComparedEdit),
  files: z.array(
    z.object({
      /** relative to the configuration folder */
      file: z.string(),
      unified: z.string(),
      /** its text as the draft leaves it; null: the draft removes it */
      after: z.string().nullable(),
      /** the edits that change it, as positions in the draft */
      edits: z.array(Count),
    }),
  ),
  /** what is wrong with the edits together, and belongs to none of them alone */
  problems: z.array(DraftProblem),
})
export type DraftComparison = z.infer<typeof DraftComparison>

/** A draft as it is compared with the files: that of this revision. */
export const ComparedDraft = DraftComparison.extend({
  revision: Count,
  /** files of the draft that somebody else has changed since it was begun, with the last such change in the history */
  outside: z.array(z.object({ file: z.string(), change: z.string(), at: Time })),
})
export type ComparedDraft = z.infer<typeof ComparedDraft>
