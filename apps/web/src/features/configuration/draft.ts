import type { Edit, FileEdit, SetEdit } from '@bangui/shared'
import { createEffect, type JSX, onCleanup, onMount } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import type { Api } from '../../api/client.ts'
import { useSession } from '../../auth/session.tsx'
import { usePageHost } from '../../lib/page-host.ts'
import { toast } from '../../ui/toast.tsx'
import type { SettingsPart } from './config-part.ts'
import { createDraftStore, type DraftStore } from './draft-store.ts'
import type { SettingLine } from './group-settings.ts'
import { subjectOf } from './merge-drafts.ts'

/** Edits of one user for one host that are not applied yet; the server keeps them. */
export type Draft = {
  edits: () => readonly Edit[]
  /** the edit of a setting */
  findSetting: (part: SettingsPart, line: SettingLine) => SetEdit | undefined
  findFile: (file: string) => FileEdit | undefined
  /** replaces an edit of the same setting or file */
  add: (edit: Edit) => void
  remove: (edit: Edit) => void
  /** puts an edit in the place of the one of the same setting or file */
  replace: (edit: Edit) => void
  clear: () => void
  /** Puts edits back that were removed, at their former places, but those of which there is a newer one. */
  putBack: (before: readonly Edit[]) => void
  /** how it is kept on the server, and what other tabs have done to it */
  store: DraftStore
}

const drafts = new Map<string, Draft>()

/** Returns the draft of the signed-in user for the host of this page. */
export function useDraft(): Draft {
  const session = useSession()
  const host = usePageHost()
  const api = useApi()
  const id = JSON.stringify([session.user()?.name ?? null, host ?? null])
  const found = drafts.get(id) ?? createDraft(api)
  drafts.set(id, found)
  return found
}

/** Loads a draft, and again when somebody comes back to this tab: another one may have changed it. Shows nothing. */
export function KeptDraft(props: { draft: Draft }): JSX.Element {
  const refresh = () => {
    if (document.visibilityState === 'visible') void props.draft.store.refresh()
  }
  onMount(() => {
    refresh()
    addEventListener('focus', refresh)
    document.addEventListener('visibilitychange', refresh)
  })
  onCleanup(() => {
    removeEventListener('focus', refresh)
    document.removeEventListener('visibilitychange', refresh)
  })
  createEffect((before: number | undefined) => {
    const count = props.draft.store.changedElsewhere()
    if (before !== undefined && count > before)
      toast({ tone: 'info', title: 'The draft was changed in another tab', text: 'Both are merged here.' })
    return count
  })
  return null
}

/** Returns a draft that the server of `api` keeps. */
export function createDraft(api: Api): Draft {
  const store = createDraftStore(api)
  const { edits } = store
  const without = (edit: Edit) => edits().filter((each) => subjectOf(each) !== subjectOf(edit))
  return {
    edits,
    findSetting: (part, line) => {
      const subject = subjectOf(editOf(part, line, null))
      return edits().find((each): each is SetEdit => each.kind === 'set' && subjectOf(each) === subject)
    },
    findFile: (file) => edits().find((each): each is FileEdit => each.kind === 'file' && each.file === file),
    add: (edit) => store.change([...without(edit), edit]),
    remove: (edit) => store.change(without(edit)),
    replace: (edit) =>
      store.change(edits().map((each) => (subjectOf(each) === subjectOf(edit) ? edit : each))),
    clear: () => store.change([]),
    putBack: (before) => {
      const current = new Map(edits().map((edit) => [subjectOf(edit), edit]))
      const put = before.map((edit) => current.get(subjectOf(edit)) ?? edit)
      const subjects = new Set(put.map(subjectOf))
      store.change([...put, ...edits().filter((edit) => !subjects.has(subjectOf(edit)))])
    },
    store,
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
