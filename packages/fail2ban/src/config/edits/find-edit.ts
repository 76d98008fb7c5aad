import type { DraftProblem, Edit } from '@bangui/shared'

/** An edit of a draft with the files that it changes. */
export interface EditOnFiles {
  /** its position in the draft */
  readonly index: number
  readonly edit: Edit
  /** relative to the configuration folder */
  readonly files: ReadonlySet<string>
}

/** A place that something is wrong with; null: it is not known. */
export type ProblemPlace = Pick<DraftProblem, 'file' | 'section' | 'key'>

/** Returns the position of the edit that a problem is about: that of its option, else the last one of its file, else the only one; undefined: it is not known. */
export function findEditOf(
  { file, section, key }: ProblemPlace,
  edits: readonly EditOnFiles[],
): number | undefined {
  const isOption = ({ edit, files }: EditOnFiles) =>
    edit.kind === 'set' &&
    key !== null &&
    edit.key.toLowerCase() === key.toLowerCase() &&
    (section === null || isInSection(edit, section)) &&
    (file === null || files.has(file))
  const isText = ({ edit }: EditOnFiles) => edit.kind === 'file' && edit.file === file
  const found =
    edits.findLast(isOption) ??
    edits.findLast(isText) ??
    edits.findLast(({ edit }) => 'name' in edit && edit.kind !== 'set' && edit.name === section) ??
    edits.findLast(({ files }) => file !== null && files.has(file))
  return (found ?? (edits.length === 1 ? edits[0] : undefined))?.index
}

function isInSection(edit: Extract<Edit, { kind: 'set' }>, section: string): boolean {
  if (edit.scope === 'jail') return edit.name === section
  if (edit.scope === 'default') return section === 'DEFAULT'
  return edit.section === undefined || edit.section === section
}
