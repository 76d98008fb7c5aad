import {
  runtimeLimits,
  type RuntimeSettings,
  type SettingInfo,
  type UpdateSettingsInput,
} from '@bangui/shared'
import { formatSpan } from '../../lib/format.ts'

export type RuntimeKey = keyof RuntimeSettings

export type RuntimeField = {
  key: RuntimeKey
  label: string
  description: string
  /** undefined: a switch */
  unit?: string
}

/** The settings that can be changed while BanGUI runs, in the order of the form. */
export const runtimeFields: readonly RuntimeField[] = [
  {
    key: 'probeIntervalSeconds',
    label: 'Check fail2ban every',
    unit: 'seconds',
    description: 'Checks the state and the counts. BanGUI always notices at once when fail2ban ends.',
  },
  {
    key: 'sessionIdleMinutes',
    label: 'Sign out after inactivity',
    unit: 'minutes',
    description: 'A session ends when nobody has used it for this long.',
  },
  {
    key: 'sessionMaxDays',
    label: 'Maximum session length',
    unit: 'days',
    description: 'A session ends after this time even when it is in use.',
  },
  {
    key: 'sessionCacheEnabled',
    label: 'Keep sessions in memory',
    description: 'Avoids a database read per request; sign-out still takes effect immediately.',
  },
  {
    key: 'sessionCacheTtlSeconds',
    label: 'Keep sessions in memory for',
    unit: 'seconds',
    description: '0 = off.',
  },
  {
    key: 'historyRetentionDays',
    label: 'Keep the history of bans for',
    unit: 'days',
    description: '0 = keep forever. Totals are always kept.',
  },
  {
    key: 'logLineRetentionDays',
    label: 'Keep the log lines of bans for',
    unit: 'days',
    description: 'The log lines that caused a ban. They can contain what visitors typed.',
  },
  {
    key: 'geoServiceEnabled',
    label: 'Look up countries online',
    description:
      'Sends addresses that no local file knows to a third party: ip-api.com by default, over plain HTTP.',
  },
  {
    key: 'geoCacheDays',
    label: 'Keep lookup results for',
    unit: 'days',
    description: 'BanGUI deletes a result that nobody has needed for this long.',
  },
  {
    key: 'confirmChangesSeconds',
    label: 'Roll back unconfirmed changes after',
    unit: 'seconds',
    description:
      'A change of fail2ban that can lock you out is kept only if your browser still reaches BanGUI afterwards. 0 = off: such changes are kept immediately.',
  },
]

/** The typed values, by setting; an absent setting was not changed. */
export type Draft = Partial<Record<RuntimeKey, string | boolean>>

const limits: Partial<Record<RuntimeKey, { min: number; max: number }>> = runtimeLimits

/** Returns the limits of a setting as a sentence. */
export function limitsOf(key: RuntimeKey): string {
  const limit = limits[key]
  if (!limit) return ''
  const field = runtimeFields.find((each) => each.key === key)
  const most = field && spanOf(field, String(limit.max))
  return `A whole number from ${limit.min} to ${limit.max}${most ? ` (${most})` : ''}.`
}

const secondsOf: Readonly<Record<string, number>> = { seconds: 1, minutes: 60 }

/** Returns a number in a larger unit, "7 days"; undefined if it is in that unit already. */
export function spanOf(field: RuntimeField, value: string): string | undefined {
  const seconds = Number(value) * (secondsOf[field.unit ?? ''] ?? Number.NaN)
  const longer = field.unit === 'minutes' ? 3600 : 60
  return Number.isFinite(seconds) && seconds >= longer ? formatSpan(seconds) : undefined
}

/** Returns what is wrong with a typed value; undefined: nothing. The server has the same limits. */
export function problemOf(key: RuntimeKey, value: string | boolean): string | undefined {
  const limit = limits[key]
  const number = valueOf(value)
  if (!limit || typeof number === 'boolean') return undefined
  const fits = Number.isInteger(number) && number >= limit.min && number <= limit.max
  return fits ? undefined : limitsOf(key)
}

const valueOf = (value: string | boolean): number | boolean => {
  if (typeof value === 'boolean') return value
  return value.trim() === '' ? Number.NaN : Number(value)
}

/** Returns what differs from the stored settings. */
export function changesOf(draft: Draft, settings: readonly SettingInfo[]): UpdateSettingsInput {
  const stored = new Map(settings.map((setting) => [setting.key, setting.value]))
  const entries = Object.entries(draft)
    .map(([key, value]) => [key, valueOf(value)] as const)
    .filter(([key, value]) => stored.get(key) !== value)
  return Object.fromEntries(entries)
}
