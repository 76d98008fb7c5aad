import { findArmedTimers } from '@bangui/db'
import { isByBangui } from '@bangui/shared'
import * as z from 'zod'
import type { OperationHandle } from './operation.ts'
import type { BanDeps, WantedBan } from '../bans/plan-ban.ts'
import { findBanned } from '../bans/bans.service.ts'

/** An address that an operation banned, or a ban whose end it changed. */
export const BannedItem = z.object({
  jail: z.string(),
  address: z.string(),
  /** the ban that was there before; absent: none */
  before: z
    .object({
      id: z.number().nullable(),
      until: z.number().nullable(),
      /** seconds, -1 is permanent */
      duration: z.number(),
      /** when BanGUI was to end it; null: fail2ban was */
      timer: z.number().nullable(),
      /** the operation that had set its end; null: the one that made it */
      endOperation: z.string().nullable(),
    })
    .optional(),
})
export type BannedItem = z.infer<typeof BannedItem>

interface Batch {
  readonly jail: string
  readonly bans: readonly WantedBan[]
}

/** Keeps what the undo of a ban needs, before its addresses are sent. */
export async function keepBannedItems(
  deps: Pick<BanDeps, 'archive' | 'hostDb'>,
  { jail, bans }: Batch,
  operation: Pick<OperationHandle, 'keep'>,
): Promise<void> {
  const addresses = bans.map(({ address }) => address)
  const banned = await findBanned(deps, jail, addresses)
  const armed = banned.size === 0 ? [] : await findArmedTimers(deps.hostDb, jail, [...banned.keys()])
  const oldTimers = new Map(armed.map(({ address, endsAt }) => [address, endsAt]))
  const items = addresses.flatMap((address): BannedItem[] => {
    const ban = banned.get(address)
    if (!ban) return [{ jail, address }]
    // a ban of fail2ban's own keeps its end
    if (!isByBangui(ban.by)) return []
    const { id, until, duration, endOperation = null } = ban
    const timer = oldTimers.get(address) ?? null
    return [{ jail, address, before: { id, until, duration, timer, endOperation } }]
  })
  await operation.keep('banned', items)
}
