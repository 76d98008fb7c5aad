import { readFile } from 'node:fs/promises'
import type { Zones } from './zones.ts'

/** A request to BanGUI to ban an address, between two moments (epoch milliseconds). */
export interface BanCall {
  readonly jail: string
  readonly address: string
  readonly from: number
  readonly to: number
  /** fail2ban had not banned it before */
  readonly isNew: boolean
  /** seconds after which BanGUI ends the ban; null: fail2ban does */
  readonly ownDuration: number | null
}

/** What the test itself knows of the ban of an address: who made it, and the end that BanGUI was asked to bring. */
export interface RecordedBan {
  readonly by: 'fail2ban' | 'user'
  /** epoch milliseconds, the earliest and the latest moment that the end can be; null: fail2ban's own end */
  readonly ownEnd: { readonly from: number; readonly to: number } | null
}

/** The test's own record: what it asked BanGUI for, and when fail2ban's log says that bans began. */
export interface BanRecord {
  /** The newest ban of an address. */
  newest(jail: string, address: string): RecordedBan
  /** How many bans of an address fail2ban logged. */
  count(jail: string, address: string): number
}

/** fail2ban logs a ban within so many milliseconds of the call; its times and the test's are of one clock. */
const TOLERANCE = 50

const line = /^(\S+ \S+) fail2ban\.actions +\[(\d+)\].*\[([^\]]+)\] Ban (\S+)$/

/** Reads the record out of fail2ban's log and the calls. */
export async function readRecord(
  logfile: string,
  calls: readonly BanCall[],
  zones: Pick<Zones, 'toEpoch'>,
): Promise<BanRecord> {
  const begun = new Map<string, number[]>()
  for (const text of (await readFile(logfile, 'utf8')).split('\n')) {
    const [, time, pid, jail, address] = line.exec(text) ?? []
    if (time === undefined) continue
    const key = `${jail} ${address}`
    begun.set(key, [...(begun.get(key) ?? []), zones.toEpoch(time, Number(pid))])
  }
  const timesOf = (jail: string, address: string) => begun.get(`${jail} ${address}`) ?? []
  return {
    newest(jail, address) {
      const at = timesOf(jail, address).at(-1) ?? 0
      const since = calls.filter(
        (call) => call.jail === jail && call.address === address && call.to >= at - TOLERANCE,
      )
      if (!since.some(({ isNew, from }) => isNew && from <= at + TOLERANCE))
        return { by: 'fail2ban', ownEnd: null }
      const { from, to, ownDuration } = since.at(-1)!
      const after = (begin: number) => begin + (ownDuration ?? 0) * 1000
      return { by: 'user', ownEnd: ownDuration === null ? null : { from: after(from), to: after(to) } }
    },
    count: (jail, address) => timesOf(jail, address).length,
  }
}
