import { withTimeout } from '@bangui/async'
import { findArmedTimers } from '@bangui/db'
import { isByBangui, type Ban, type UndoableBan } from '@bangui/shared'
import * as z from 'zod'
import type { HostDeps } from '../../deps.ts'
import type { OperationHandle } from '../operations/operation.ts'
import { findBanned } from './bans.service.ts'
import type { BanDeps, WantedBan } from './plan-ban.ts'

/** An address that an operation banned, or a ban that it changed. */
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
  /** what was noted about a ban before and after, where that was changed: the ban itself is as it was */
  reason: z
    .object({ id: z.number(), before: z.string().nullable(), after: z.string().nullable() })
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

/** Keeps the bans that an unban is about to end, so that it can be undone, also after a restart. */
export const keepUnbannedItems = (operation: OperationHandle, bans: readonly UndoableBan[]): Promise<void> =>
  operation.keep(
    'unbanned',
    bans.map(({ id, jail, address, until, by, reason }) => ({ id, jail, address, until, by, reason })),
  )

/** How long an unban waits for the import at most, in milliseconds. */
const IMPORT_TIMEOUT_MS = 1_500

/** How many imports are made: the first can join one that began before fail2ban wrote the record. */
const MAX_IMPORTS = 2

/** Milliseconds after which fail2ban no longer adds a record of a ban. */
const RECORD_DUE_MS = 60_000

type RecordDeps = Pick<HostDeps, 'archive' | 'state' | 'importNew' | 'clock' | 'log'>

/**
 * fail2ban deletes its record of a ban, with the lines that caused it, when the ban is ended manually: its records of
 * recent bans are imported first. A failure or a long wait does not prevent the unban.
 */
export async function importBeforeUnban(deps: RecordDeps, bans: readonly Ban[]): Promise<void> {
  const { database, importing } = deps.state.get().watching
  if (database.state !== 'ok' || importing !== null) return
  const unrecorded = bans.filter((ban) => isWithoutRecord(ban) && deps.clock() - ban.since < RECORD_DUE_MS)
  if (unrecorded.length === 0) return
  try {
    const onTimeout = () => undefined
    await withTimeout(() => takeIn(deps, unrecorded), { milliseconds: IMPORT_TIMEOUT_MS, onTimeout })
  } catch (error) {
    deps.log.warn({ event: 'import_failed', err: error }, 'fail2ban’s records of bans could not be imported')
  }
}

async function takeIn({ importNew, archive }: RecordDeps, unrecorded: readonly Ban[]): Promise<void> {
  const addresses = [...new Set(unrecorded.map(({ address }) => address))]
  for (let look = 1; look <= MAX_IMPORTS; look += 1) {
    await importNew()
    if (look < MAX_IMPORTS && !(await archive.findActive(addresses)).some(isWithoutRecord)) return
  }
}

const isWithoutRecord = ({ attempts, by }: Ban) => by.kind === 'fail2ban' && attempts === null
