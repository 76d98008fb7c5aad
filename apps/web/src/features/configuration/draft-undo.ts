import type { Edit } from '@bangui/shared'
import { toast } from '../../ui/toast.tsx'
import { describeEdit } from './describe-edit.ts'
import type { Draft } from './draft.ts'

/** Removes an edit from a draft; an Undo puts it back. */
export function removeFromDraft(draft: Draft, edit: Edit): void {
  const before = draft.edits()
  draft.remove(edit)
  toast({
    title: 'Removed from the draft',
    text: describeEdit(edit),
    action: { label: 'Undo', onSelect: () => draft.putBack(before) },
  })
}

/** Removes every edit of a draft; an Undo puts them back. */
export function discardDraft(draft: Draft): void {
  const before = draft.edits()
  draft.clear()
  toast({
    title: 'The draft was discarded',
    action: { label: 'Undo', onSelect: () => draft.putBack(before) },
  })
}
