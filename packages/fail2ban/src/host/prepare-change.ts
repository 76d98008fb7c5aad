import { createHash, randomUUID } from 'node:crypto'
import { unifiedDiff } from '../config/unified-diff.ts'
import { ConfigReadOnlyError, ConfigRefusedError, ConfigUnwritableError } from '../errors.ts'
import type { ChangeInput, ChangePreview, ConfigEdit, PreparedChange } from '../host-models.ts'
import { CommandError } from '../wire/encode-command.ts'
import { findDaemon, listDaemonJails } from './daemon.ts'
import type { EditPlan } from './edit-plan.ts'
import { planManualJail } from './edit-manual-jail.ts'
import { planSettings } from './edit-settings.ts'
import { planJailSwitch } from './edit-switch.ts'
import type { LocalHostContext } from './local-host-context.ts'
import type { SavedChange } from './saved-change.ts'
import { bytesOf, saveAsPlanned, textOf, type StagedChange } from './stage-change.ts'

/**
 * Returns what a change would do: staged, tested and rehearsed, nothing saved.
 * @throws CommandError for a bad value, JailUnknownError, ConfigUnreadableError
 */
export async function previewChange(
  context: LocalHostContext,
  { edits }: Pick<ChangeInput, 'edits'>,
): Promise<ChangePreview> {
  const { already, staged, loads, changes } = await planEdit(context, edits)
  return {
    already,
    refused: staged.refused?.message ?? null,
    refusedReason: staged.refused?.code ?? null,
    readOnly: context.configWrite === 'off',
    files: diffOf(staged),
    warnings: staged.warnings,
    loads: loads && !already,
    changes,
  }
}

/**
 * Stages, tests and rehearses a change, then saves the files as they are. Undefined: there is nothing to do.
 * @throws CommandError for a bad value, ConfigRefusedError, ConfigUnwritableError, ConfigChangedError when a file was
 * changed meanwhile, JailUnknownError, ConfigReadOnlyError, ConfigUnreadableError
 */
export async function prepareChange(
  context: LocalHostContext,
  { edits, title }: ChangeInput,
): Promise<PreparedChange | undefined> {
  if (context.configWrite === 'off')
    throw new ConfigReadOnlyError('Configuration changes are disabled on this host.')
  const { already, staged, step, runtime } = await planEdit(context, edits)
  if (already) return undefined
  assertNotRefused(staged)
  const change: SavedChange = {
    id: randomUUID(),
    title,
    createdAt: context.clock(),
    state: 'prepared',
    load: [step],
    runtime: [...runtime],
    expect: {
      before: await runningJails(context),
      running: step.how === 'start' ? [step.jail] : [],
      stopped: step.how === 'stop' ? [step.jail] : [],
    },
    files: await Promise.all(staged.files.map((file) => saveAsPlanned(context, file))),
    written: staged.files.map(({ path, after }) => ({ path, content: bytesOf(after) })),
  }
  await context.changes.save(change)
  const { id: changeId, load, expect } = change
  const files = staged.files.map(({ path, before, after }) => ({
    path,
    before: before && hashOf(before),
    after: after === null ? null : hashOf(after),
  }))
  return { changeId, files, load, runtime, expect, diff: diffOf(staged), messages: staged.warnings }
}

/** @throws CommandError for none, or for several: each is loaded by itself */
function planEdit(context: LocalHostContext, edits: readonly ConfigEdit[]): Promise<EditPlan> {
  const [edit, ...others] = edits
  if (!edit || others.length > 0) throw new CommandError('A change has one edit.')
  if (edit.kind === 'switch') return planJailSwitch(context, edit)
  return edit.kind === 'settings' ? planSettings(context, edit) : planManualJail(context)
}

function assertNotRefused({ refused }: StagedChange): void {
  if (refused?.code === 'config_unwritable') throw new ConfigUnwritableError(refused.message)
  if (refused) throw new ConfigRefusedError(refused.message)
}

const diffOf = ({ files }: StagedChange) =>
  files.map(({ path, before, after }) => ({ path, diff: unifiedDiff(path, textOf(before), after) }))

const hashOf = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex')

const runningJails = async (context: LocalHostContext): Promise<string[]> =>
  (await findDaemon(context)).state === 'up' ? listDaemonJails(context) : []
