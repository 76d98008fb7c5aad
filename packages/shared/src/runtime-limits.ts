/** The minimum and maximum of each number that can be changed while the server runs; needs no Zod. */
export const runtimeLimits = {
  probeIntervalSeconds: { min: 1, max: 3600 },
  sessionCacheTtlSeconds: { min: 0, max: 3600 },
  sessionIdleMinutes: { min: 5, max: 43_200 },
  sessionMaxDays: { min: 1, max: 365 },
  historyRetentionDays: { min: 0, max: 36_500 },
  logLineRetentionDays: { min: 0, max: 36_500 },
  geoCacheDays: { min: 1, max: 3650 },
  confirmChangesSeconds: { min: 0, max: 600 },
} as const
