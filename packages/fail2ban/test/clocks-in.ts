import { createDaemonClock } from '../src/daemon-time/daemon-clock.ts'
import type { DaemonClocks } from '../src/daemon-time/daemon-clocks.ts'
import { parseZoneRule } from '../src/daemon-time/zone-rule.ts'
import { utc } from '../src/daemon-time/zone.ts'

export const berlinRule = 'CET-1CEST,M3.5.0,M10.5.0/3'

/** The clocks of a daemon that is in one zone, which its process has. */
export function clocksIn(rule: string): DaemonClocks {
  const create = () => createDaemonClock(() => [{ zone: parseZoneRule(rule) ?? utc, isOwn: true }])
  return {
    createForRun: create,
    createForNow: async () => create(),
    setNewest: () => undefined,
    refresh: async () => undefined,
  }
}
