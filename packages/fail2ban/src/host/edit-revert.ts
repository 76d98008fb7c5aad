import { relative } from 'node:path'
import type { RevertChoice, RevertConflict } from '@bangui/shared'
import type { Draft, PlannedFile } from '../config/draft.ts'
import { removeOption, setOption } from '../config/edit-ini.ts'
import { openFile, OVERRIDES_HEADER } from '../config/edits/draft-files.ts'
import { removeEmptySection } from '../config/edits/edit-sections.ts'
import { changedKeys, valuesOf } from '../config/privileges/changed-keys.ts'
import { parseIni } from '../config/ini-file.ts'
import { changeOfFiles } from '../config/plan-edits.ts'
import { ConfigChangedError } from '../errors.ts'
import type { RevertEdit } from '../models/edit-models.ts'
import { assertCommandsAllowed, assertFilesAllowed } from './assert-allowed.ts'
import type { EditPlan } from './edit-plan.ts'
import type { LocalHostContext } from './local-host-context.ts'
import type { SavedChange } from './saved-change.ts'
import { textOf } from './stage-change.ts'

/**
 * Plans to take a change back: a file that is as the change left it gets its former content, byte for byte; in one that was
 * changed since, only the options that the change has set go back.
 * @throws ConfigChangedError where there is no such change, or one of its options was changed since, without a choice;
 * ConfigNotAllowedError for a former value that the host does not allow to set
 */
export async function planRevert(
  context: Pick<LocalHostContext, 'changes' | 'client' | 'configWrite'>,
  { changeId, choices = [] }: RevertEdit,
): Promise<EditPlan> {
  const change = await context.changes.get(changeId)
  if (!change) throw new ConfigChangedError('The saved files of this change no longer exist.')
  return {
    already: false,
    plan: async (draft) => {
      const { files, conflicts } = await planFiles(draft, change, choices)
      const [first] = conflicts
      if (first !== undefined)
        throw new ConfigChangedError(
          `${first.key} in [${first.section}] of ${first.file} was changed after this change. Undo the later change first, or set the option by hand.`,
        )
      await assertFilesAllowed(draft, files)
      return [...files]
    },
    allow: async (draft, known) => {
      const { files } = await planFiles(draft, change, choices)
      await assertCommandsAllowed(context, await changeOfFiles(draft, files), known)
    },
    findShadowingSetting: () => null,
    jails: [],
    steps: null,
  }
}

/** The files of a revert, and the options that somebody has to choose about, which are in these files as they are now. */
export interface PlannedRevert {
  readonly files: readonly PlannedFile[]
  readonly conflicts: readonly RevertConflict[]
}

/** Returns what a revert would write. @throws ConfigUnwritableError, ConfigChangedError for an option that BanGUI cannot set back */
export async function planFiles(
  draft: Draft,
  change: Pick<SavedChange, 'files' | 'written'>,
  choices: readonly RevertChoice[],
): Promise<PlannedRevert> {
  const planned = await Promise.all(change.files.map((file) => planFile(draft, change, { file, choices })))
  return {
    files: planned.map(({ file }) => file),
    conflicts: planned.flatMap(({ conflicts }) => conflicts),
  }
}

interface Reverted {
  readonly file: SavedChange['files'][number]
  readonly choices: readonly RevertChoice[]
}

async function planFile(
  draft: Draft,
  { written }: Pick<SavedChange, 'written'>,
  { file: { path, content }, choices }: Reverted,
): Promise<{ readonly file: PlannedFile; readonly conflicts: readonly RevertConflict[] }> {
  const inside = relative(draft.live, path)
  const file = await openFile(draft, inside)
  const before = textOf(content)
  const after = textOf(written.find((one) => one.path === path)?.content ?? null)
  if (file.after === after) return { file: { ...file, after: before }, conflicts: [] }
  if (file.after === before) return { file, conflicts: [] }
  const reverted = revertKeys(inside, { before, after, now: file.after }, choices)
  return { file: { ...file, after: reverted.text }, conflicts: reverted.conflicts }
}

/** The text of a file before a change, after it, and now; null: there is no file. */
interface Texts {
  readonly before: string | null
  readonly after: string | null
  readonly now: string | null
}

/** Returns the present text with the options of a change as before it, except those that were changed since and that nobody chose about. */
function revertKeys(
  file: string,
  { before, after, now }: Texts,
  choices: readonly RevertChoice[],
): { readonly text: string | null; readonly conflicts: readonly RevertConflict[] } {
  let text = now ?? ''
  const conflicts: RevertConflict[] = []
  for (const { section, key, after: former } of changedKeys(after, before).keys) {
    const current = valuesOf(text, section, key)
    if (isEqual(current, former)) continue
    const [value, ...others] = former
    const left = valuesOf(after ?? '', section, key)
    if (!isEqual(current, left)) {
      const conflict = { file, section, key, before: one(former), after: one(left), now: one(current) }
      const take = choiceOf(conflict, choices)
      if (take === undefined) conflicts.push(conflict)
      if (take !== 'before') continue
    }
    if (others.length > 0)
      throw new ConfigChangedError(
        `${key} was set several times in [${section}] of ${file}, which BanGUI cannot restore. Set the option by hand.`,
      )
    text = value === undefined ? removeOption(text, section, key) : setOption(text, { section, key, value })
    if (value === undefined && !hasSection(before ?? '', section)) text = removeEmptySection(text, section)
  }
  // a file that BanGUI made goes when nothing else is left in it
  const isLeft = (rest: string | null) => rest !== null && rest.trim() !== OVERRIDES_HEADER.trim()
  return { text: isLeft(text) || (before !== null && !isLeft(before)) ? text : null, conflicts }
}

/** A choice counts for the value that was seen when it was made. */
const choiceOf = (conflict: RevertConflict, choices: readonly RevertChoice[]) =>
  choices.find(
    ({ file, section, key, now }) =>
      file === conflict.file && section === conflict.section && key === conflict.key && now === conflict.now,
  )?.take

/** An option that is set several times has all its values, line by line. */
const one = (values: readonly string[]): string | null => (values.length === 0 ? null : values.join('\n'))

const hasSection = (text: string, section: string) =>
  parseIni(text).sections.some(({ name }) => name === section)

const isEqual = (values: readonly string[], other: readonly string[]) =>
  JSON.stringify(values) === JSON.stringify(other)
