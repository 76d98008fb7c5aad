import { findTimedUnbans } from '@bangui/db'
import { isByBangui } from '@bangui/shared'
import * as z from 'zod'
import type { OperationHandle } from '../operations/operation.ts'
import type { BanDeps } from './ban-request.ts'
import { findBanned } from './find-banned.ts'
import type { PreparedChunk } from './prepare-ban.ts'

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
interface Chunk {
  readonly jail: string
  readonly prepared: PreparedChunk
}

/** Keeps what the undo of a ban needs, before its addresses are sent. */
export async function keepBannedItems(
  deps: Pick<BanDeps, 'archive' | 'hostDb'>,
  { jail, prepared: { chunk, timers, replaced, untimed } }: Chunk,
  operation: Pick<OperationHandle, 'keep'>,
): Promise<void> {
  const banned = await findBanned(
    deps,
    jail,
    chunk.map(({ address }) => address),
  )
  const again = untimed.filter((address) => banned.has(address))
  const earlier = [...replaced, ...(await findTimedUnbans(deps.hostDb, jail, again))]
  const oldTimers = new Map(earlier.map(({ address, dueAt }) => [address, dueAt]))
  const newTimers = new Map(timers.map(({ address, dueAt }) => [address, dueAt]))
  const items = chunk.flatMap(({ address }): BannedItem[] => {
    const ban = banned.get(address)
    if (!ban) return [{ jail, address }]
    // a ban of fail2ban's own keeps its end
    if (!isByBangui(ban.by)) return []
    const [timer, newTimer] = [oldTimers.get(address) ?? null, newTimers.get(address) ?? null]
    return [{ jail, address, before: { until: ban.until, duration: ban.duration, timer, newTimer } }]
  })
  await operation.keep('banned', items)
}
