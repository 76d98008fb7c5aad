import type { SettingChange, SettingsPreview } from '@bangui/shared'
import { hasJail } from '../config/list-jails.ts'
import { planOptions } from '../config/plan-options.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { isEnabled } from '../config/switch-jail.ts'
import { Fail2banCommandError, JailUnknownError } from '../errors.ts'
import type { JailTuning, PreparedSettings } from '../host-models.ts'
import { compareStates, readJailState } from '../jail-state.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { findDaemon, listDaemonJails } from './daemon.ts'
import { settingChanges, temporaryTuning } from './setting-changes.ts'
import {
  assertMayChange,
  describeStaged,
  saveChange,
  stageChange,
  type StagedChange,
} from './stage-change.ts'
import { isSet, shadowedOption, wantedOptions } from './wanted-options.ts'

/**
 * Stages, tests and rehearses new settings of a jail, then saves the files as they are. Undefined: the jail has these
 * settings already.
 * @throws CommandError for a bad value, ConfigRefusedError, ConfigUnwritableError, JailUnknownError,
 * ConfigReadOnlyError
 */
export async function prepareSettings(
  context: LocalHostContext,
  name: string,
  settings: JailTuning,
): Promise<PreparedSettings | undefined> {
  assertMayChange(context)
  const { staged, already } = await stageSettings(context, name, settings)
  if (already) return undefined
  const change = await saveChange(context, { name, kind: 'edit' }, staged)
  return { ...change, temporary: temporaryTuning(await changesOfLoad(context, { name, settings }, staged)) }
}

/**
 * What new settings of a jail would do, worked out in a copy: the files, and everything that becomes different in the
 * jail when it is loaded. @throws CommandError for a bad value, JailUnknownError, ConfigUnreadableError
 */
export async function previewSettings(
  context: LocalHostContext,
  name: string,
  settings: JailTuning,
): Promise<SettingsPreview> {
  const { staged, already } = await stageSettings(context, name, settings)
  return {
    name,
    already,
    ...describeStaged(context, staged),
    loads: !already && staged.after !== null && (await runs(context, name)),
    changes: await changesOfLoad(context, { name, settings }, staged),
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
    plan: (current) => planOptions(current, name, options),
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
