import type { Edit } from '@bangui/shared'
import { createSignal } from 'solid-js'
import type { Api } from '../../api/client.ts'
import { describeError, type Problem } from '../../api/errors.ts'
import { type DraftConflict, mergeDrafts, subjectOf } from './merge-drafts.ts'

/** The draft that the server has. */
export type Saved = { revision: number; edits: readonly Edit[] }

export type DraftStore = ReturnType<typeof createDraftStore>

/**
 * Returns the draft of a user for a host: what is changed here counts at once, and is saved on the server behind it, one request
 * after the other. What another tab has saved meanwhile is merged; where both changed the same, a conflict names both.
 */
export function createDraftStore(api: Api) {
  const [edits, setEdits] = createSignal<readonly Edit[]>([])
  const [saved, setSaved] = createSignal<Saved>()
  const [conflicts, setConflicts] = createSignal<readonly DraftConflict[]>([])
  const [problem, setProblem] = createSignal<Problem>()
  const [isSaving, setSaving] = createSignal(false)
  const [changedElsewhere, setChangedElsewhere] = createSignal(0)
  let running: Promise<void> | undefined

  const isSaved = () => JSON.stringify(edits()) === JSON.stringify(saved()?.edits)
  /** Takes over what the server has, with what was changed here since. */
  const load = async () => {
    const found = await api.config.draft.query({})
    if (found.revision === saved()?.revision) return
    const merged = mergeDrafts(saved()?.edits ?? [], edits(), found.edits)
    if (saved() !== undefined) setChangedElsewhere((count) => count + 1)
    setSaved(found)
    setEdits(merged.edits)
    const known = new Set(merged.conflicts.map(({ subject }) => subject))
    setConflicts([...conflicts().filter(({ subject }) => !known.has(subject)), ...merged.conflicts])
  }
  const saveOnce = async () => {
    const sent = edits()
    try {
      const next = await api.config.saveDraft.mutate({ edits: [...sent], revision: saved()?.revision ?? 0 })
      setSaved({ revision: next.revision, edits: sent })
    } catch (error) {
      if (describeError(error).reason !== 'draft_changed') throw error
      await load()
    }
  }
  const work = async (task: () => Promise<void>) => {
    setSaving(true)
    try {
      await task()
      while (!isSaved()) await saveOnce()
      setProblem(undefined)
    } catch (error) {
      setProblem(describeError(error))
    } finally {
      setSaving(false)
      running = undefined
    }
  }
  /** One at a time: what is changed meanwhile is saved by the one that runs. */
  const run = (task: () => Promise<void>) => (running ??= work(task))
  const change = (next: readonly Edit[]) => {
    setEdits(next)
    // without the saved draft nobody knows what to save it over
    void run(saved() === undefined ? load : async () => undefined)
  }

  return {
    edits,
    /** what the server has; undefined: it is not known yet */
    saved,
    conflicts,
    /** why the draft could not be loaded or saved */
    problem,
    isSaving,
    /** how often another tab was found to have changed the draft */
    changedElsewhere,
    /** whether nothing of this tab is lost with it */
    isSafe: () => problem() === undefined && !isSaving() && conflicts().length === 0,
    /** Loads what other tabs have saved, and saves what could not be saved. */
    refresh: () => run(load),
    change,
    /** Ends a conflict: with the edit of this tab, or with that of the other one. */
    resolve: (conflict: DraftConflict, choice: 'here' | 'there') => {
      setConflicts(conflicts().filter((each) => each !== conflict))
      if (choice === 'there') return
      const others = edits().filter((edit) => subjectOf(edit) !== conflict.subject)
      change(conflict.here === undefined ? others : [...others, conflict.here])
    },
  }
}
