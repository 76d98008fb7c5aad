import { listSettings, type Db } from '@bangui/db'
import { RuntimeSettings } from '@bangui/shared'
import type { Config } from '../../config.ts'
import type { Logger } from '../../lib/logger.ts'

export type RuntimeKey = keyof RuntimeSettings

/** The settings that can change while the server runs. */
export const runtimeKeys = Object.keys(RuntimeSettings.shape) as RuntimeKey[]

export interface EffectiveSettings {
  readonly settings: RuntimeSettings
  /** which settings an override decides */
  readonly overridden: ReadonlySet<RuntimeKey>
  /** overrides that are of no use: out of bounds, or of the wrong type */
  readonly unreadable: readonly RuntimeKey[]
}

/** Returns the effective settings: those of the start, overlaid with the valid overrides. */
export function effectiveSettings(
  bootstrap: RuntimeSettings,
  overrides: ReadonlyMap<string, unknown>,
): EffectiveSettings {
  const given = runtimeKeys.filter((key) => overrides.has(key))
  const readable = given.filter((key) => RuntimeSettings.shape[key].safeParse(overrides.get(key)).success)
  const overlay = Object.fromEntries(readable.map((key) => [key, overrides.get(key)]))
  return {
    settings: { ...bootstrap, ...overlay },
    overridden: new Set(readable),
    unreadable: given.filter((key) => !readable.includes(key)),
  }
}

/** The settings that hold now, from the environment and the database; an unusable override is logged and ignored. */
export async function loadEffectiveSettings(db: Db, config: Config, log: Logger): Promise<RuntimeSettings> {
  const { settings, unreadable } = effectiveSettings(config.runtime, await listSettings(db))
  for (const key of unreadable) {
    log.warn(
      { event: 'setting_ignored', key },
      `the override of ${key} in the database is not valid and is ignored`,
    )
  }
  return settings
}
