import { RuntimeSettings, type SettingInfo, type UpdateSettingsInput } from '@bangui/shared'

export type RuntimeKey = keyof RuntimeSettings

export type RuntimeField = {
  key: RuntimeKey
  label: string
  description: string
  /** undefined: on or off */
  unit?: string
}

/** The settings that can change while BanGUI runs, in the order of the form. */
export const runtimeFields: readonly RuntimeField[] = [
  {
    key: 'probeIntervalSeconds',
    label: 'Check fail2ban every',
    unit: 'seconds',
    description: 'Looks at its state and its counts. When fail2ban ends, BanGUI notices at once in any case.',
  },
  {
    key: 'sessionIdleMinutes',
    label: 'Sign out after no use for',
    unit: 'minutes',
    description: 'A session that nobody uses for that long ends.',
  },
  {
    key: 'sessionMaxDays',
    label: 'Sign out in any case after',
    unit: 'days',
    description: 'A session never lasts longer, however much it is used.',
  },
  {
    key: 'sessionCacheEnabled',
    label: 'Keep sessions in memory',
    description: 'Saves a look into the database for each request. Signing out works at once all the same.',
  },
  {
    key: 'sessionCacheTtlSeconds',
    label: 'Keep them for',
    unit: 'seconds',
    description: '0 keeps none.',
  },
]

/** What was typed, by setting; what is not there was not touched. */
export type Draft = Partial<Record<RuntimeKey, string | boolean>>

/** The limits of a setting as a sentence. */
export function limitsOf(key: RuntimeKey): string {
  const schema = RuntimeSettings.shape[key]
  return 'minValue' in schema ? `A whole number from ${schema.minValue} to ${schema.maxValue}.` : ''
}

/** What is wrong with a typed value; undefined: nothing. The server holds the same limits. */
export function problemOf(key: RuntimeKey, value: string | boolean): string | undefined {
  return RuntimeSettings.shape[key].safeParse(valueOf(value)).success ? undefined : limitsOf(key)
}

const valueOf = (value: string | boolean): number | boolean => {
  if (typeof value === 'boolean') return value
  return value.trim() === '' ? Number.NaN : Number(value)
}

/** What differs from what is stored. */
export function changesOf(draft: Draft, settings: readonly SettingInfo[]): UpdateSettingsInput {
  const stored = new Map(settings.map((setting) => [setting.key, setting.value]))
  const entries = Object.entries(draft)
    .map(([key, value]) => [key, valueOf(value)] as const)
    .filter(([key, value]) => stored.get(key) !== value)
  return Object.fromEntries(entries)
}
