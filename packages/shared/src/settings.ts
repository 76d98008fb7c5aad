import * as z from 'zod'
import { runtimeLimits } from './runtime-limits.ts'

const within = ({ min, max }: { min: number; max: number }) => z.int().min(min).max(max)

/** The settings that can be changed while the server runs. Never a path, a command, a socket, an address or a database. */
export const RuntimeSettings = z.object({
  probeIntervalSeconds: within(runtimeLimits.probeIntervalSeconds),
  sessionCacheEnabled: z.boolean(),
  sessionCacheTtlSeconds: within(runtimeLimits.sessionCacheTtlSeconds),
  sessionIdleMinutes: within(runtimeLimits.sessionIdleMinutes),
  sessionMaxDays: within(runtimeLimits.sessionMaxDays),
  /** days that bans are kept in the history; 0 keeps them forever */
  historyRetentionDays: within(runtimeLimits.historyRetentionDays),
  /** days that the log lines which caused a ban are kept */
  logLineRetentionDays: within(runtimeLimits.logLineRetentionDays),
  /** days after its last use that a looked-up location is kept */
  geoCacheDays: within(runtimeLimits.geoCacheDays),
  /** addresses may be sent to the HTTP service if no file knows them */
  geoServiceEnabled: z.boolean(),
  /** seconds in which a change that can lock people out has to be confirmed; 0: it is kept without */
  confirmChangesSeconds: within(runtimeLimits.confirmChangesSeconds),
})
export type RuntimeSettings = z.infer<typeof RuntimeSettings>

export const defaultRuntimeSettings: RuntimeSettings = {
  probeIntervalSeconds: 30,
  sessionCacheEnabled: true,
  sessionCacheTtlSeconds: 10,
  sessionIdleMinutes: 10_080,
  sessionMaxDays: 30,
  historyRetentionDays: 0,
  logLineRetentionDays: 90,
  geoCacheDays: 90,
  geoServiceEnabled: false,
  confirmChangesSeconds: 60,
}

/** A change of settings; `null` removes an override. */
export const UpdateSettingsInput = z
  .object({
    probeIntervalSeconds: RuntimeSettings.shape.probeIntervalSeconds.nullable(),
    sessionCacheEnabled: RuntimeSettings.shape.sessionCacheEnabled.nullable(),
    sessionCacheTtlSeconds: RuntimeSettings.shape.sessionCacheTtlSeconds.nullable(),
    sessionIdleMinutes: RuntimeSettings.shape.sessionIdleMinutes.nullable(),
    sessionMaxDays: RuntimeSettings.shape.sessionMaxDays.nullable(),
    historyRetentionDays: RuntimeSettings.shape.historyRetentionDays.nullable(),
    logLineRetentionDays: RuntimeSettings.shape.logLineRetentionDays.nullable(),
    geoCacheDays: RuntimeSettings.shape.geoCacheDays.nullable(),
    geoServiceEnabled: RuntimeSettings.shape.geoServiceEnabled.nullable(),
    confirmChangesSeconds: RuntimeSettings.shape.confirmChangesSeconds.nullable(),
  })
  .partial()
  .strict()
export type UpdateSettingsInput = z.infer<typeof UpdateSettingsInput>

export const SettingSource = z.enum(['default', 'environment', 'override'])
export type SettingSource = z.infer<typeof SettingSource>

/** A setting as the settings page shows it. Secrets are never among them. */
export const SettingInfo = z.object({
  key: z.string(),
  /** the environment variable that sets it; null: there is none */
  variable: z.string().nullable(),
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  source: SettingSource,
  /** can be overridden while the server runs */
  runtime: z.boolean(),
})
export type SettingInfo = z.infer<typeof SettingInfo>
