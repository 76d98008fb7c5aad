import type { Change, SwitchPreview } from '@bangui/shared'
import { hasJail } from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { isEnabled, planSwitch, findShadowingSetting } from '../config/switch-jail.ts'
import { JailUnknownError } from '../errors.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { findDaemon, listDaemonJails } from './daemon.ts'
import { getJail } from './list-jails.ts'
import { saveFile } from './live-files.ts'
import type { SavedFile } from './saved-change.ts'
import {
  assertMayChange,
  describeStaged,
  saveChange,
  stageChange,
  type StagedChange,
} from './stage-change.ts'

/** Returns what switching a jail would do, found out in a copy. @throws JailUnknownError, ConfigUnreadableError */
export async function previewSwitch(
  context: LocalHostContext,
  name: string,
  enabled: boolean,
): Promise<SwitchPreview> {
  const jail = await getJail(context, name)
  const already = await isAlready(context, name, enabled)
  const staged = already
    ? { files: [], refused: null, warnings: [] }
    : await stageSwitch(context, name, enabled)
  return {
    name,
    enabled,
    already,
    ...describeStaged(context, staged),
    bansEnding: enabled || already ? 0 : jail.currentlyBanned,
  }
}

/**
 * Stages, tests and rehearses, then saves what stands. Undefined: the jail already is as asked.
 * @throws ConfigRefusedError, ConfigUnwritableError, JailUnknownError, ConfigReadOnlyError, ConfigUnreadableError
 */
export async function prepareSwitch(
  context: LocalHostContext,
  name: string,
  enabled: boolean,
): Promise<Change | undefined> {
  assertMayChange(context)
  if (await isAlready(context, name, enabled)) return undefined
  const kind = enabled ? 'activate' : 'deactivate'
  return saveChange(context, { name, kind }, await stageSwitch(context, name, enabled))
}

/** Returns the files that switch a jail off, untested: for the jail of a failed change. */
export async function switchOffFiles(context: LocalHostContext, name: string): Promise<SavedFile[]> {
  const config = await readFail2banConfig(context.configDir)
  if (!hasJail(config, name)) return []
  const files = await planSwitch(config, name, false)
  return Promise.all(
    files.map(async ({ path, after }) => ({
      ...(await saveFile(context.configDir, path)),
      content: Buffer.from(after),
    })),
  )
}

/** As asked on disk, and in the daemon where one runs. */
export async function isAlready(context: LocalHostContext, name: string, enabled: boolean): Promise<boolean> {
  const config = await readFail2banConfig(context.configDir)
  if (!hasJail(config, name)) throw new JailUnknownError(name)
  if (isEnabled(config, name) !== enabled) return false
  if ((await findDaemon(context)).state !== 'up') return true
  return (await listDaemonJails(context)).includes(name) === enabled
}

const stageSwitch = (context: LocalHostContext, name: string, enabled: boolean): Promise<StagedChange> =>
  stageChange(context, {
    name,
    enabled,
    plan: (config) => planSwitch(config, name, enabled),
    findShadowingSetting: (changed) => findShadowingSetting(changed, { name, enabled }, context.configDir),
  })
