import { relative } from 'node:path'
import type { Draft, PlannedFile } from '../config/draft.ts'
import { removeOption, setOption } from '../config/edit-ini.ts'
import { openFile, OVERRIDES_HEADER } from '../config/edits/draft-files.ts'
import { removeEmptySection } from '../config/edits/edit-sections.ts'
import { changedKeys, valuesOf } from '../config/privileges/changed-keys.ts'
import { parseIni } from '../config/ini-file.ts'
import { ConfigChangedError } from '../errors.ts'
import type { RevertEdit } from '../host-models.ts'
import type { EditPlan } from './edit-plan.ts'
import type { LocalHostContext } from './local-host-context.ts'
import type { SavedChange } from './saved-change.ts'
import { textOf } from './stage-change.ts'

/**
 * Plans to take a change back: a file that is as the change left it gets its former content, byte for byte; in one that was
 * changed since, only the options that the change has set go back.
 * @throws ConfigChangedError where there is no such change, or one of its options was changed since
 */
export async function planRevert(
  { changes }: Pick<LocalHostContext, 'changes'>,
  { changeId }: RevertEdit,
): Promise<EditPlan> {
  const change = await changes.get(changeId)
  if (!change) throw new ConfigChangedError('The saved files of this change are no longer there.')
  return {
    already: false,
    plan: (draft) => Promise.all(change.files.map((file) => planFile(draft, change, file))),
    findShadowingSetting: () => null,
    jails: [],
    steps: null,
  }
}

async function planFile(
  draft: Draft,
  { written }: SavedChange,
  { path, content }: SavedChange['files'][number],
): Promise<PlannedFile> {
  const file = await openFile(draft, relative(draft.live, path))
  const before = textOf(content)
  const after = textOf(written.find((one) => one.path === path)?.content ?? null)
  if (file.after === after) return { ...file, after: before }
  if (file.after === before) return file
  return { ...file, after: revertKeys(path, { before, after, now: file.after }) }
}

/** The text of a file before a change, after it, and now; null: there is no file. */
interface Texts {
  readonly before: string | null
  readonly after: string | null
  readonly now: string | null
}

/** Returns the present text with the options of a change as before it. @throws ConfigChangedError */
function revertKeys(path: string, { before, after, now }: Texts): string | null {
  let text = now ?? ''
  for (const { section, key, after: former } of changedKeys(after, before).keys) {
    const current = valuesOf(text, section, key)
    if (isEqual(current, former)) continue
    const [value, ...others] = former
    if (!isEqual(current, valuesOf(after ?? '', section, key)) || others.length > 0)
      throw new ConfigChangedError(
        `${key} in [${section}] of ${path} was changed after this change. Undo the later change first, or set the option by hand.`,
      )
    text = value === undefined ? removeOption(text, section, key) : setOption(text, { section, key, value })
    if (value === undefined && !hasSection(before ?? '', section)) text = removeEmptySection(text, section)
  }
  // a file that BanGUI made goes when nothing else is left in it
  const isLeft = (rest: string | null) => rest !== null && rest.trim() !== OVERRIDES_HEADER.trim()
  return isLeft(text) || (before !== null && !isLeft(before)) ? text : null
}

const hasSection = (text: string, section: string) =>
  parseIni(text).sections.some(({ name }) => name === section)

const isEqual = (one: readonly string[], other: readonly string[]) =>
  JSON.stringify(one) === JSON.stringify(other)
