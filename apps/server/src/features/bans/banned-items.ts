import { findArmedTimers } from '@bangui/db'
import { isByBangui } from '@bangui/shared'
import * as z from 'zod'
import type { OperationHandle } from '../operations/operation.ts'
import type { BanDeps, WantedBan } from './ban-request.ts'
import { findBanned } from './find-banned.ts'

/** An address that an operation banned, or a ban whose end it changed. */
export const BannedItem = z.object({
  jail: z.string(),
  address: z.string(),
  /** the ban that was there before; absent: none */
  before: z
    .object({
      until: z.number().nullable(),
      /** seconds, -1 is permanent */
      duration: z.number(),
      /** when BanGUI was to end it; null: fail2ban was */
      timer: z.number().nullable(),
      /** when BanGUI ends it by the operation; null: fail2ban does */
      newTimer: z.number().nullable(),
    })
    .optional(),
})
export type BannedItem = z.infer<typeof BannedItem>

interface Batch {
  readonly jail: string
  readonly bans: readonly WantedBan[]
  /** when they are sent */
  readonly at: number
}

/** Keeps what the undo of a ban needs, before its addresses are sent. */
export async function keepBannedItems(
  deps: Pick<BanDeps, 'archive' | 'hostDb'>,
  { jail, bans, at }: Batch,
  operation: Pick<OperationHandle, 'keep'>,
): Promise<void> {
  const addresses = bans.map(({ address }) => address)
  const banned = await findBanned(deps, jail, addresses)
  const armed = banned.size === 0 ? [] : await findArmedTimers(deps.hostDb, jail, [...banned.keys()])
  const oldTimers = new Map(armed.map(({ address, endsAt }) => [address, endsAt]))
  const items = bans.flatMap((wanted): BannedItem[] => {
    const { address } = wanted
    const ban = banned.get(address)
    if (!ban) return [{ jail, address }]
    // a ban of fail2ban's own keeps its end
    if (!isByBangui(ban.by)) return []
    const [timer, newTimer] = [oldTimers.get(address) ?? null, endOf(wanted, at)]
    return [{ jail, address, before: { until: ban.until, duration: ban.duration, timer, newTimer } }]
  })
  await operation.keep('banned', items)
}

/** Returns when BanGUI ends a ban that was there before and is sent at a time; null: the jail does. */
const endOf = ({ duration = null, until = null }: WantedBan, at: number): number | null =>
  until ?? (duration === null ? null : at + duration * 1000)
