import type { BannedBy } from '@bangui/shared'
import type { Deps } from '../../deps.ts'
import type { PlanDeps } from './plan-ban.ts'

export type BanDeps = PlanDeps &
  Pick<
    Deps,
    | 'archive'
    | 'events'
    | 'database'
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
  /** When BanGUI ends it if it begins at `now`; null: the jail does. */
  endIfBegun(now: number): number | null
  /** The archive's id of a ban that this one puts back after an unban. @default a ban of its own */
  readonly restores?: number | undefined
}

/** Bans of canonical addresses that were looked at already. */
export interface BanRequest {
  readonly jail: string
  readonly bans: readonly WantedBan[]
  readonly by: BannedBy
  readonly reason: string | null
}
