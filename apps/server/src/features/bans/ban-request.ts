import type { BannedBy } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import type { PlanDeps } from './plan-ban.ts'

export type BanDeps = PlanDeps &
  Pick<
    HostDeps,
    | 'archive'
    | 'events'
    | 'hostDb'
    | 'operations'
    | 'monitor'
    | 'state'
    | 'reconcile'
    | 'checkBans'
    | 'clock'
    | 'log'
  >

export interface WantedBan {
  readonly address: string
  /** for how many seconds from its beginning, where BanGUI ends it @default null, as long as the jail bans for */
  readonly duration?: number | null
  /** when BanGUI ends it, where a moment is wanted @default null */
  readonly until?: number | null
  /** The archive's id of the ban that this one restores after an unban. @default a new ban */
  readonly restores?: number | undefined
}

/** Bans of canonical addresses that were checked already. */
export interface BanRequest {
  readonly jail: string
  readonly bans: readonly WantedBan[]
  readonly by: BannedBy
  readonly reason: string | null
  /** the id of the operation */
  readonly operation: string
}
