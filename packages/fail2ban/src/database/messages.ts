import type { DaemonDatabaseStatus } from '@bangui/shared'
import type { DaemonBanPage, LiveBansQuery } from '../host-models.ts'
import type { LiveCounts } from '../live-counts.ts'

/** `bans`: the bans that fail2ban remembers; `bips`: those that it considers active. */
export type BanTable = 'bans' | 'bips'

export interface PageQuery {
  readonly table: BanTable
  readonly cursor: string | null
  readonly limit: number
  /** epoch milliseconds */
  readonly now: number
}

/** An address in a jail. */
export interface BanPair {
  readonly jail: string
  readonly address: string
}

export interface CountQuery {
  readonly from: number
  readonly to: number
  readonly bucketSeconds: number
}

/** The questions to the worker, and the types of its answers. */
export interface Answers {
  readonly page: { readonly query: PageQuery; readonly answer: DaemonBanPage }
  readonly list: {
    readonly query: LiveBansQuery
    readonly answer: { readonly rows: DaemonBanPage['rows']; readonly nextCursor: string | null }
  }
  readonly count: { readonly query: CountQuery; readonly answer: LiveCounts }
  /** the time of the first ban, epoch milliseconds; null: there is none */
  readonly first: { readonly query: null; readonly answer: number | null }
  readonly times: { readonly query: readonly BanPair[]; readonly answer: readonly (readonly number[])[] }
  readonly check: { readonly query: null; readonly answer: null }
}

export type Question = {
  [Kind in keyof Answers]: readonly [kind: Kind, query: Answers[Kind]['query']]
}[keyof Answers]

export interface WorkerRequest {
  readonly id: number
  readonly path: string
  readonly question: Question
}

/** `failure`: the database cannot be read, and why. */
export type WorkerReply =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly failure: DaemonDatabaseStatus }
