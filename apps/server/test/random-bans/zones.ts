import { writeFile } from 'node:fs/promises'

const HOUR = 3_600_000

/** Zones without summer time, with their distance from UTC in milliseconds. */
const offsets = { UTC: 0, 'Asia/Kolkata': 5.5 * HOUR, 'America/Bogota': -5 * HOUR } as const
export type ZoneName = keyof typeof offsets
export const zoneNames: readonly [ZoneName, ...ZoneName[]] = ['UTC', 'Asia/Kolkata', 'America/Bogota']

/** The zone that the daemon is started in, and what its local times mean. */
export interface Zones {
  /** the zone of the next start is written there */
  readonly file: string
  choose(zone: ZoneName): Promise<void>
  /** The daemon was started. */
  started(): Promise<void>
  /** Returns the moment of a local time such as `2026-01-31 23:59:59,123` of a process, or of the one that runs. */
  toEpoch(local: string, pid?: number): number
  /** Returns the daemon's local time. */
  toLocal(at: number): string
}

/** Creates the zones of a daemon; `findPid` gives the process that runs. */
export function createZones(file: string, findPid: () => Promise<number | undefined>): Zones {
  const offsetOf = new Map<number, number>()
  let current: number = offsets.UTC
  let next: ZoneName = 'UTC'
  return {
    file,
    async choose(zone) {
      next = zone
      await writeFile(file, zone)
    },
    async started() {
      current = offsets[next]
      const pid = await findPid()
      if (pid !== undefined) offsetOf.set(pid, current)
    },
    toEpoch(local, pid) {
      const offset = (pid === undefined ? undefined : offsetOf.get(pid)) ?? current
      return Date.parse(`${local.replace(' ', 'T').replace(',', '.')}Z`) - offset
    },
    toLocal: (at) => new Date(at + current).toISOString().slice(0, 19).replace('T', ' '),
  }
}
