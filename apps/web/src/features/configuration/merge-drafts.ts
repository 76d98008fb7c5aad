import type { Edit } from '@bangui/shared'

/** Returns what an edit is about: two edits of the same have the same text. */
export function subjectOf(edit: Edit): string {
  if (edit.kind === 'file') return JSON.stringify(['file', edit.file])
  if (edit.kind === 'set')
    return JSON.stringify(['set', edit.scope, edit.name ?? null, edit.section ?? null, edit.key])
  return JSON.stringify([edit.kind, edit.scope, edit.name])
}

/** Edits of the same that differ in two tabs; undefined: that tab has none, or has removed it. */
export type DraftConflict = { subject: string; here: Edit | undefined; there: Edit | undefined }

export type MergedDrafts = { edits: Edit[]; conflicts: DraftConflict[] }

/**
 * Merges the draft of this tab with one that another tab has saved; both began with `base`. Where both changed the same, the result
 * has what the other tab saved, and a conflict names both.
 */
export function mergeDrafts(
  base: readonly Edit[],
  here: readonly Edit[],
  there: readonly Edit[],
): MergedDrafts {
  const [was, mine, theirs] = [base, here, there].map(bySubject) as [Edits, Edits, Edits]
  const conflicts: DraftConflict[] = []
  const removed = new Set<string>()
  const replaced = new Map<string, Edit>()
  for (const subject of new Set([...was.keys(), ...mine.keys()])) {
    const [old, own, other] = [was.get(subject), mine.get(subject), theirs.get(subject)]
    if (isSame(old, own) || isSame(own, other)) continue
    if (!isSame(old, other)) conflicts.push({ subject, here: own, there: other })
    else if (own === undefined) removed.add(subject)
    else replaced.set(subject, own)
  }
  const kept = there.flatMap((edit) => {
    const subject = subjectOf(edit)
    return removed.has(subject) ? [] : [replaced.get(subject) ?? edit]
  })
  const added = here.filter((edit) => replaced.has(subjectOf(edit)) && !theirs.has(subjectOf(edit)))
  return { edits: [...kept, ...added], conflicts }
}

type Edits = ReadonlyMap<string, Edit>

const bySubject = (edits: readonly Edit[]): Edits => new Map(edits.map((edit) => [subjectOf(edit), edit]))

const isSame = (one: Edit | undefined, other: Edit | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other)
