import { emptyDraft } from '../config/draft.ts'
import { hasJail } from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { isEnabled, planSwitch, findShadowingSetting } from '../config/switch-jail.ts'
import { JailUnknownError } from '../errors.ts'
import type { SwitchEdit } from '../models/edit-models.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { findDaemon, listDaemonJails } from './daemon.ts'
import { saveFile } from './live-files.ts'
import type { EditPlan } from './edit-plan.ts'
import type { SavedFile } from './saved-change.ts'
import { bytesOf } from './stage-change.ts'

/** Plans switching a jail on or off. @throws JailUnknownError, ConfigUnreadableError */
export async function planJailSwitch(
  context: LocalHostContext,
  { jail, enabled }: SwitchEdit,
): Promise<EditPlan> {
  return {
    already: await isAlready(context, jail, enabled),
    plan: (draft) => planSwitch(draft, jail, enabled),
    findShadowingSetting: (changed) =>
      findShadowingSetting(changed, { name: jail, enabled }, context.configDir),
    jails: enabled ? [jail] : [],
    steps: [{ jail, how: enabled ? 'start' : 'stop' }],
    isCompared: enabled,
  }
}

/** Returns the files that switch a jail off, untested: for the jail of a failed change. */
export async function switchOffFiles(context: LocalHostContext, name: string): Promise<SavedFile[]> {
  const config = await readFail2banConfig(context.configDir)
  if (!hasJail(config, name)) return []
  const files = await planSwitch(emptyDraft(config, context.configWrite, context.logDirs), name, false)
  return Promise.all(
    files.map(async ({ path, after }) => ({
      ...(await saveFile(context.configDir, path)),
      content: bytesOf(after),
    })),
  )
}

/** As asked on disk, and in the daemon where one runs. */
async function isAlready(context: LocalHostContext, name: string, enabled: boolean): Promise<boolean> {
  const config = await readFail2banConfig(context.configDir)
  if (!hasJail(config, name)) throw new JailUnknownError(name)
  if (isEnabled(config, name) !== enabled) return false
  if ((await findDaemon(context)).state !== 'up') return true
  return (await listDaemonJails(context)).includes(name) === enabled
}
