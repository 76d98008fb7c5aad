import { relative } from 'node:path'
import type { RevertChoice, RevertComparison } from '@bangui/shared'
import { emptyDraft } from '../config/draft.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { unifiedDiff } from '../config/unified-diff.ts'
import {
  ConfigChangedError,
  ConfigNotAllowedError,
  ConfigRefusedError,
  ConfigUnwritableError,
} from '../errors.ts'
import type { KeptChange } from '../models/change-models.ts'
import { assertFilesAllowed } from './assert-allowed.ts'
import { planFiles } from './edit-revert.ts'
import { hasContent } from './live-files.ts'
import type { LocalHostContext } from './local-host-context.ts'
import type { SavedChange } from './saved-change.ts'
import { textOf } from './stage-change.ts'

type Context = Pick<LocalHostContext, 'changes' | 'configDir'>

/** Returns the files of a change, before and after it; null: there is no such change. @throws ConfigUnwritableError where its record is damaged */
export async function readChange({ changes, configDir }: Context, id: string): Promise<KeptChange | null> {
  const change = await changes.get(id)
  if (!change) return null
  const files = await Promise.all(
    change.files.map(async ({ path, content }) => {
      const after = afterOf(change, path)
      const isAfter = await isThere(path, after)
      const now = isAfter ? 'after' : (await isThere(path, content)) ? 'before' : 'other'
      return { file: relative(configDir, path), before: textOf(content), after: textOf(after), now } as const
    }),
  )
  const { outside, tested = null } = change
  return { files, omitted: outside?.omitted ?? [], since: outside?.since ?? null, tested }
}

const afterOf = ({ written }: Pick<SavedChange, 'written'>, path: string) =>
  written.find((file) => file.path === path)?.content ?? null

/** What cannot be read is not as it was. */
const isThere = (path: string, content: Uint8Array | null) => hasContent(path, content).catch(() => false)

/** Why a revert cannot be made. */
const refusals = [ConfigChangedError, ConfigNotAllowedError, ConfigRefusedError, ConfigUnwritableError]

/** Returns what a revert of a change would do to the files, with what has to be chosen first. @throws ConfigUnreadableError */
export async function compareRevert(
  { changes, configDir, configWrite, logDirs }: Context & Pick<LocalHostContext, 'configWrite' | 'logDirs'>,
  id: string,
  choices: readonly RevertChoice[],
): Promise<RevertComparison> {
  try {
    const change = await changes.get(id)
    if (!change) throw new ConfigChangedError('The saved files of this change no longer exist.')
    const draft = emptyDraft(await readFail2banConfig(configDir), configWrite, logDirs)
    const { files, conflicts } = await planFiles(draft, change, choices)
    await assertFilesAllowed(draft, files)
    const differing = files.flatMap(({ path, before, after }) => {
      const file = relative(configDir, path)
      const unified = unifiedDiff(file, textOf(before), after)
      return unified === '' ? [] : [{ file, unified }]
    })
    return { files: differing, conflicts: [...conflicts], problem: null }
  } catch (error) {
    if (!refusals.some((refusal) => error instanceof refusal)) throw error
    return { files: [], conflicts: [], problem: (error as Error).message }
  }
}
