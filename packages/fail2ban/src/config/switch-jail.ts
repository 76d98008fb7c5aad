import { JailUnknownError } from '../errors.ts'
import type { Fail2banConfig } from './config-model.ts'
import type { Draft, PlannedFile } from './draft.ts'
import { interpolate } from './interpolate.ts'
import { hasJail } from './list-jails.ts'
import { isYes } from './options.ts'
import { decidingPlace, planOptions } from './plan-options.ts'

/**
 * Works out which `.local` file switches a jail on or off: the last one that sets `enabled` for it already, or, if
 * there is none or BanGUI cannot write it, `jail.d/zz-bangui.local`. Returns no file when the jail has that state.
 * Nothing is written.
 * @throws JailUnknownError, ConfigUnwritableError when BanGUI can write neither
 */
export async function planSwitch(draft: Draft, name: string, enabled: boolean): Promise<PlannedFile[]> {
  const { config } = draft
  if (!hasJail(config, name)) throw new JailUnknownError(name)
  if (isEnabled(config, name) === enabled) return []
  return planOptions(draft, name, [{ key: 'enabled', value: switchWord(config, name, enabled) }])
}

/** Pairs of words: a jail that is switched off and on again has the same word as before. */
const words = [
  ['true', 'false'],
  ['yes', 'no'],
  ['on', 'off'],
  ['1', '0'],
].flatMap(([on = '', off = '']) => [
  [on, off],
  [on.toUpperCase(), off.toUpperCase()],
  [capital(on), capital(off)],
])

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** Returns the counterpart of the word in a `.local` file, in the same spelling; else `true` or `false`. */
function switchWord(config: Fail2banConfig, name: string, enabled: boolean): string {
  const found = interpolate(config.jail, name, 'enabled')
  const pair = found?.file?.endsWith('.local') ? words.find((each) => each.includes(found.raw)) : undefined
  const [on = 'true', off = 'false'] = pair ?? []
  return enabled ? on : off
}

/** Returns whether the configuration enables a jail. */
export const isEnabled = (config: Fail2banConfig, name: string): boolean => {
  const found = interpolate(config.jail, name, 'enabled')
  return found !== undefined && found.problem === null && isYes(found.value)
}

/**
 * Returns a sentence about the setting that shadows the change in a changed configuration: its file and line. Null: none
 * does. `live` is the folder that the sentence names.
 */
export function findShadowingSetting(
  config: Fail2banConfig,
  { name, enabled }: { readonly name: string; readonly enabled: boolean },
  live: string,
): string | null {
  if (isEnabled(config, name) === enabled) return null
  const word = enabled ? 'enable' : 'disable'
  const found = decidingPlace(config, { name, key: 'enabled' }, live)
  if (found === null) return `BanGUI cannot ${word} ${name}: no file sets “enabled” for it.`
  return `BanGUI cannot ${word} ${name}: ${found.place} is read later and sets enabled = ${found.value}. Change it there.`
}
