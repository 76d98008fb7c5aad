import { JailUnknownError } from '../errors.ts'
import type { Fail2banConfig } from './config-model.ts'
import { interpolate } from './interpolate.ts'
import { hasJail } from './list-jails.ts'
import { isYes } from './options.ts'
import { decidingPlace, planOptions, type PlannedFile } from './plan-options.ts'

/**
 * Works out which `.local` file switches a jail on or off: the last one that sets `enabled` for it already, else,
 * and where BanGUI cannot write that one, `jail.d/zz-bangui.local`. Gives no file when the jail is as asked. Nothing is written.
 * @throws JailUnknownError, ConfigUnwritableError when BanGUI can write neither
 */
export async function planSwitch(
  config: Fail2banConfig,
  name: string,
  enabled: boolean,
): Promise<PlannedFile[]> {
  if (!hasJail(config, name)) throw new JailUnknownError(name)
  if (isEnabled(config, name) === enabled) return []
  return planOptions(config, name, [{ key: 'enabled', value: String(enabled) }])
}

/** Whether the configuration switches a jail on. */
export const isEnabled = (config: Fail2banConfig, name: string): boolean => {
  const found = interpolate(config.jail, name, 'enabled')
  return found !== undefined && found.problem === null && isYes(found.value)
}

/**
 * Says why a jail is not as asked in a configuration that was read back after the change: which file and line still decides.
 * Null: it is as asked. `live` is the folder that messages name.
 */
export function whatStillWins(
  config: Fail2banConfig,
  { name, enabled }: { readonly name: string; readonly enabled: boolean },
  live: string,
): string | null {
  if (isEnabled(config, name) === enabled) return null
  const wish = enabled ? 'on' : 'off'
  const found = decidingPlace(config, { name, key: 'enabled' }, live)
  if (found === null) return `${name} cannot be switched ${wish}: nothing sets it.`
  return `${name} cannot be switched ${wish}: ${found.place} is read later and sets enabled = ${found.value}. Change it there.`
}
