import type { Edit, FileEdit } from '@bangui/shared'
import { subjectOf } from './merge-drafts.ts'

/** A text that somebody has typed for a file. */
export interface TypedText {
  readonly file: string
  readonly content: string
  /** the file on disk; text null: there is none */
  readonly disk: { readonly text: string | null; readonly sha256: string | null }
  /** the subjects of the edits that the text has in it already */
  readonly contained: ReadonlySet<string>
}

/** Returns the edits of a draft with the text of a file instead of those that it contains; a text as on disk is no edit. */
export function draftWithText(edits: readonly Edit[], { file, content, disk, contained }: TypedText): Edit[] {
  const edit: FileEdit = { kind: 'file', file, content, base: disk.sha256 }
  const own = subjectOf(edit)
  const others = edits.filter((each) => subjectOf(each) !== own && !contained.has(subjectOf(each)))
  // what stands before it in the draft, such as a new jail, may be in the text as well
  return content === (disk.text ?? '') ? others : [...others, edit]
}
