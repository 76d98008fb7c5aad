import type { RuntimeSetting, SettingChange } from '@bangui/shared'
import { hasJail } from '../config/list-jails.ts'
import { planOptions } from '../config/plan-options.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { isEnabled } from '../config/switch-jail.ts'
import { Fail2banCommandError, JailUnknownError } from '../errors.ts'
import type { JailTuning, SettingsEdit } from '../host-models.ts'
import { compareStates, readJailState } from '../jail-state.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { findDaemon, listDaemonJails } from './daemon.ts'
import type { EditPlan } from './edit-plan.ts'
import { runtimeSettings } from './runtime-settings.ts'
import { settingChanges, temporaryTuning } from './setting-changes.ts'
import { stageChange, type StagedChange } from './stage-change.ts'
import { isSet, shadowedOption, wantedOptions } from './wanted-options.ts'

/**
 * Plans new settings of a jail: what was changed until the next load stays in effect after this one, but for what the edit
 * gives up. @throws CommandError for a bad value, JailUnknownError, ConfigUnreadableError
 */
export async function planSettings(
  context: LocalHostContext,
  { jail, settings, giveUp = [] }: SettingsEdit,
): Promise<EditPlan> {
  const { staged, already } = await stageSettings(context, jail, settings)
  const changes = await changesOfLoad(context, { name: jail, settings }, staged)
  const isGivenUp = ({ key, value }: RuntimeSetting) =>
    giveUp.includes(key.endsWith('ignoreip') ? value : key)
  return {
    already,
    staged,
    step: { jail, how: 'reload' },
    loads: staged.after !== null && (await runs(context, jail)),
    changes,
    runtime: runtimeSettings(jail, temporaryTuning(changes)).filter((setting) => !isGivenUp(setting)),
  }
}

/** `already`: the configuration has these values; what a load would change is worked out anyway. */
async function stageSettings(
  context: LocalHostContext,
  name: string,
  settings: JailTuning,
): Promise<{ readonly staged: StagedChange; readonly already: boolean }> {
  const wanted = wantedOptions(settings)
  const config = await readFail2banConfig(context.configDir)
  if (!hasJail(config, name)) throw new JailUnknownError(name)
  const options = wanted.filter((option) => !isSet(config, name, option))
  const staged = await stageChange(context, {
    name,
    enabled: isEnabled(config, name),
    plan: (draft) => planOptions(draft, name, options),
    findShadowingSetting: (changed) => shadowedOption(changed, { name, options, live: context.configDir }),
  })
  return { staged, already: options.length === 0 }
}

interface Asked {
  readonly name: string
  readonly settings: JailTuning
}

/** Returns what loading a staged change changes in the running jail; empty where it does not run. */
async function changesOfLoad(
  context: LocalHostContext,
  { name, settings }: Asked,
  { after }: StagedChange,
): Promise<SettingChange[]> {
  if (after === null || !(await runs(context, name))) return []
  try {
    const now = await readJailState(context.connection, name, [...after.settings.keys()])
    return settingChanges(compareStates(now, after), settings)
  } catch (error) {
    // the jail was unloaded in this moment
    if (error instanceof Fail2banCommandError) return []
    throw error
  }
}

const runs = async (context: LocalHostContext, name: string): Promise<boolean> =>
  (await findDaemon(context)).state === 'up' && (await listDaemonJails(context)).includes(name)
