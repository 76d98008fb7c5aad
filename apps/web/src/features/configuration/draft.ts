import type { Edit, FileEdit, SetEdit } from '@bangui/shared'
import { createSignal } from 'solid-js'
import { useSession } from '../../auth/session.tsx'
import { usePageHost } from '../../lib/page-host.ts'
import type { SettingsPart } from './config-part.ts'
import type { SettingLine } from './group-settings.ts'

/** Edits that are not applied yet. They are kept in this tab, for one user and one host. */
export type Draft = {
  edits: () => readonly Edit[]
  /** the edit of a setting */
  findSetting: (part: SettingsPart, line: SettingLine) => SetEdit | undefined
  findFile: (file: string) => FileEdit | undefined
  /** replaces an edit of the same setting or file */
  add: (edit: Edit) => void
  remove: (edit: Edit) => void
  clear: () => void
}

const drafts = new Map<string, Draft>()

/** Returns the draft of the signed-in user for the host of this page. */
export function useDraft(): Draft {
  const session = useSession()
  const host = usePageHost()
  const id = JSON.stringify([session.user()?.name ?? null, host ?? null])
  const found = drafts.get(id) ?? createDraft()
  drafts.set(id, found)
  return found
}

/** Returns what an edit is about: two edits of the same have the same text. */
export function subjectOf(edit: Edit): string {
  if (edit.kind === 'file') return JSON.stringify(['file', edit.file])
  if (edit.kind === 'set')
    return JSON.stringify(['set', edit.scope, edit.name ?? null, edit.section ?? null, edit.key])
  return JSON.stringify([edit.kind, edit.scope, edit.name])
}

function createDraft(): Draft {
  const [edits, setEdits] = createSignal<readonly Edit[]>([])
  const without = (edit: Edit) => edits().filter((each) => subjectOf(each) !== subjectOf(edit))
  return {
    edits,
    findSetting: (part, line) => {
      const subject = subjectOf(editOf(part, line, null))
      return edits().find((each): each is SetEdit => each.kind === 'set' && subjectOf(each) === subject)
    },
    findFile: (file) => edits().find((each): each is FileEdit => each.kind === 'file' && each.file === file),
    add: (edit) => setEdits([...without(edit), edit]),
    remove: (edit) => setEdits(without(edit)),
    clear: () => setEdits([]),
  }
}

/** Returns the edit that gives a setting a value; null removes the own value, so that the next place decides. */
export const editOf = (part: SettingsPart, line: SettingLine, value: string | null): SetEdit => ({
  kind: 'set',
  scope: part.kind,
  ...('name' in part && { name: part.name }),
  key: line.key,
  value,
  // a value of [DEFAULT] is none of the section
  base: line.setting?.inherited === true ? null : (line.setting?.raw ?? null),
})
