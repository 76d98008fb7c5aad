import type { SyncResult } from '@bangui/db'
import type { EndReason } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import type { BanList } from './list-jail.ts'
import { noteCorrected } from './watching.ts'

export type CorrectDeps = Pick<HostDeps, 'host' | 'archive' | 'events' | 'geo' | 'state' | 'clock' | 'log'>

/** For how long a ban has to be missing in the daemon's list until it has ended, in milliseconds: the log may lag. */
export const ABSENCE_MS = 1_500

interface Correction {
  readonly list: BanList
  /** why missing bans have ended */
  readonly reason: EndReason
  /** the daemon still restores its bans: none has ended or begun by this list @default false */
  readonly onlyEnds?: boolean
}

/**
 * Makes the active bans of a jail equal to a list, and emits events for the changes. `unsure` is the number of bans
 * that have not been missing for long enough: another list is needed after {@link ABSENCE_MS}.
 */
export async function correctJail(
  deps: CorrectDeps,
  jail: string,
  { list, reason, onlyEnds = false }: Correction,
): Promise<SyncResult> {
  const { asOf, areEndsKnown, isRunning } = list
  const bans = list.bans.map(({ address, bannedAt, duration }) => {
    return { address, bannedAt, duration, country: deps.geo.countryOf(address) }
  })
  const result = await deps.archive.syncActive(jail, bans, {
    asOf,
    areEndsKnown,
    reason: isRunning || reason === 'lost' ? reason : 'jail_stopped',
    patience: ABSENCE_MS,
    onlyEnds,
  })
  const { events, corrected } = result
  if (events.length > 0) deps.events.emit(events)
  if (corrected === 0) return result
  await noteCorrected(deps)
  deps.log.info({ event: 'bans_reconciled', jail, corrected }, 'the bans of a jail were corrected')
  return result
}
