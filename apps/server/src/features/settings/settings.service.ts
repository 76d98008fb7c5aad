import { listSettings, updateSettings } from '@bangui/db'
import type { SettingInfo, UpdateSettingsInput } from '@bangui/shared'
import { variables, type VariableKey } from '../../config/variables.ts'
import type { Config } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import {
  effectiveSettings,
  loadEffectiveSettings,
  runtimeKeys,
  type RuntimeKey,
} from './effective-settings.ts'

type SettingsDeps = Pick<Deps, 'config' | 'database' | 'appState' | 'clock' | 'log'>

/** Every setting with its value and where that comes from; no secret is among them. */
export async function listSettingInfos(deps: SettingsDeps): Promise<SettingInfo[]> {
  const { overridden } = effectiveSettings(deps.config.runtime, await listSettings(deps.database.db))
  const current = deps.appState.get().runtimeSettings
  const atRuntime = runtimeKeys.map((key): SettingInfo => ({
    key,
    variable: variables[key].name,
    value: current[key],
    source: overridden.has(key) ? 'override' : startSource(deps.config, key),
    runtime: true,
  }))
  return [...atRuntime, ...fixedInfos(deps.config)]
}

/** Stores overrides, all or none, and puts them into effect. */
export async function updateOverrides(
  deps: SettingsDeps,
  input: UpdateSettingsInput,
): Promise<SettingInfo[]> {
  await updateSettings(deps.database.db, input, deps.clock())
  const settings = await loadEffectiveSettings(deps.database.db, deps.config, deps.log)
  await deps.appState.update((state) => ({ ...state, runtimeSettings: settings }))
  deps.log.info({ event: 'settings_updated', keys: Object.keys(input) }, 'settings were changed')
  return listSettingInfos(deps)
}

const fixedInfos = (config: Config): SettingInfo[] =>
  (Object.keys(variables) as VariableKey[])
    .filter((key) => !isRuntimeKey(key) && !neverShown.has(key))
    .map((key) => ({
      key,
      variable: variables[key].name,
      value: shownValue(config, key as FixedKey),
      source: startSource(config, key),
      runtime: false,
    }))

const neverShown: ReadonlySet<VariableKey> = new Set(['adminUsername', 'adminPassword', 'secretKey'])

type FixedKey = Exclude<VariableKey, RuntimeKey | 'adminUsername' | 'adminPassword' | 'secretKey'>

const isRuntimeKey = (key: VariableKey): key is RuntimeKey => (runtimeKeys as readonly string[]).includes(key)

const startSource = (config: Config, key: VariableKey) => (config.given.has(key) ? 'environment' : 'default')

function shownValue(config: Config, key: FixedKey): SettingInfo['value'] {
  // an address of Postgres may hold a password
  if (key === 'databaseUrl') return config.databaseUrl.replace(/^(\w+):\/\/.*$/s, '$1://…')
  if (key === 'geoServiceUrl') return withoutKey(config.geoServiceUrl)
  const value = config[key]
  if (value === null || typeof value !== 'object') return value
  return key === 'fail2banStartCommand' ? JSON.stringify(value) : value.join(', ')
}

/** An address without the part that may hold a key. */
function withoutKey(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}
