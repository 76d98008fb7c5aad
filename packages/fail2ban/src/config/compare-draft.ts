import { relative } from 'node:path'
import type { ComparedEdit, DraftComparison, DraftProblem, Edit } from '@bangui/shared'
import { ConfigNotAllowedError } from '../errors.ts'
import { HostError, isHostError } from '../host-error.ts'
import type { Draft } from './draft.ts'
import { decodeOrNull } from './edits/draft-files.ts'
import { findBase } from './edits/find-base.ts'
import { findEditOf, type EditOnFiles } from './edits/find-edit.ts'
import {
  assertUnused,
  findShadowed,
  needsOfChange,
  needsOfCreates,
  planChange,
  planEdit,
  readAgain,
} from './plan-edits.ts'
import { unifiedDiff } from './unified-diff.ts'

/**
 * Returns what edits would change in the files as they are now, and what is wrong with each of them, without a test by fail2ban. An edit
 * that was made on another state of the files is compared as if it were made on the present one; an edit that cannot be made is
 * left out.
 */
export async function compareDraft(draft: Draft, edits: readonly Edit[]): Promise<DraftComparison> {
  const { end, made, outcomes } = await planEach(draft, edits)
  const problems = await findProblems(draft, made)
  const alone: DraftProblem[] = []
  for (const problem of problems) {
    const index = findEditOf(problem, made)
    const outcome = index === undefined ? undefined : outcomes[index]
    if (outcome === undefined || index === undefined) alone.push(problem)
    else outcomes[index] = { ...outcome, problem: outcome.problem ?? problem }
  }
  const files = [...end.files.values()].flatMap(({ path, before, after }) => {
    const file = relative(draft.live, path)
    const unified = unifiedDiff(file, before && (decodeOrNull(before) ?? ''), after)
    return unified === ''
      ? []
      : [
          {
            file,
            unified,
            after,
            edits: made.flatMap(({ index, files: own }) => (own.has(file) ? [index] : [])),
          },
        ]
  })
  return { edits: outcomes, files, problems: alone }
}

export interface PlannedEach {
  readonly end: Draft
  /** those that can be made */
  readonly made: readonly EditOnFiles[]
  readonly outcomes: ComparedEdit[]
}

/** Makes edits one after the other; one that cannot be made is left out, and one on another state of the files is made on the present one. */
export async function planEach(draft: Draft, edits: readonly Edit[]): Promise<PlannedEach> {
  let current = draft
  let isRead = true
  const made: EditOnFiles[] = []
  const outcomes: ComparedEdit[] = []
  for (const [index, edit] of edits.entries()) {
    if (!isRead) current = await readAgain(current)
    isRead = true
    const { next, ...outcome } = await tryEdit(current, edit)
    outcomes.push(outcome)
    if (next === undefined) continue
    made.push({ index, edit: withoutBase(edit), files: filesThatDiffer(current, next) })
    current = next
    isRead = edit.kind === 'set'
  }
  return { end: current, made, outcomes }
}

/** Returns the draft with an edit, and what is to be said about it. */
async function tryEdit(draft: Draft, edit: Edit): Promise<ComparedEdit & { readonly next?: Draft }> {
  try {
    return { problem: null, changed: null, next: await planEdit(draft, edit) }
  } catch (error) {
    if (!(error instanceof HostError)) throw error
    const isChanged = error.code === 'config_changed' && 'base' in edit && edit.base !== undefined
    if (!isChanged) return { problem: problemOf(error), changed: null }
    const changed = { now: await findBase(draft, edit) }
    return { ...(await tryEdit(draft, withoutBase(edit))), changed }
  }
}

function withoutBase(edit: Edit): Edit {
  if (!('base' in edit)) return edit
  const { base: _base, ...rest } = edit
  return rest
}

const filesThatDiffer = (before: Draft, after: Draft): ReadonlySet<string> =>
  new Set(
    [...new Set([...before.files.keys(), ...after.files.keys()])]
      .filter((path) => before.files.get(path)?.after !== after.files.get(path)?.after)
      .map((path) => relative(after.live, path)),
  )

/** Returns what is wrong with edits that can be made one by one. */
async function findProblems(draft: Draft, made: readonly EditOnFiles[]): Promise<DraftProblem[]> {
  const edits = made.map(({ edit }) => edit)
  const { configWrite } = draft
  // what is not allowed at all is said elsewhere
  if (configWrite === 'off' || edits.length === 0) return []
  try {
    const change = await planChange(draft, edits)
    await assertUnused(change.end, edits)
    const needs = [...needsOfCreates(edits), ...(await needsOfChange(change, configWrite))]
    const forbidden = needs.filter(({ needs: level }) => level === 'never' || configWrite === 'jails')
    const shadowed = await findShadowed(change.end.draft, edits)
    return [
      ...forbidden.map((need) => problemOf(new ConfigNotAllowedError(need))),
      ...(shadowed === null ? [] : [{ ...noPlace, message: shadowed.message, ...placeOfSet(shadowed.edit) }]),
    ]
  } catch (error) {
    if (error instanceof HostError) return [problemOf(error)]
    throw error
  }
}

const noPlace = { file: null, section: null, key: null }

const placeOfSet = ({ scope, name, section, key }: Extract<Edit, { kind: 'set' }>) => ({
  section: scope === 'jail' ? (name ?? null) : scope === 'default' ? 'DEFAULT' : (section ?? null),
  key,
})

function problemOf(error: HostError): DraftProblem {
  const { file, section, key } = isHostError(error, 'config_not_allowed') ? error.params : noPlace
  return { message: error.message, file, section, key }
}
