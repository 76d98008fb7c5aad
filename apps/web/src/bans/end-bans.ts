import { chunk } from '@bangui/async'
import type { CoveredAddress } from '@bangui/shared'
import { describeError } from '../api/errors.ts'
import type { StatsApi } from '../api/stats-api.ts'
import { createOperationId } from '../lib/operation-id.ts'
import { banKey } from './ban-view.ts'
import { MAX_ADDRESSES } from '../lib/parse-list.ts'
import { byJail, type ChosenBan } from './selection.ts'

export type EndedBans = {
  /** bans that ended, and bans of which that is unknown */
  touched: readonly ChosenBan[]
  /** the unbans that ended them, for an undo */
  operations: readonly string[]
  /** how many were processed */
  done: number
  /** how many of these had ended before */
  absent: number
  /** the error that stopped the rest; undefined: none */
  problem: unknown
  /** other bans that still cover some of the addresses */
  covered: readonly CoveredAddress[]
  /** a secondary problem, such as that the user could not be recorded */
  note: string | undefined
}

/** Ends bans, each in its jail, until an error or a cancellation. Never throws. */
export async function endBans(api: StatsApi, bans: readonly ChosenBan[]): Promise<EndedBans> {
  const touched: ChosenBan[] = []
  const operations: string[] = []
  const covered: CoveredAddress[] = []
  const counts = { done: 0, absent: 0 }
  let note: string | undefined
  for (const [jail, group] of requestsOf(bans)) {
    const addresses = group.map((ban) => ban.address)
    const operationId = createOperationId()
    try {
      const result = await api.bans.unban.mutate({ jail, addresses, operationId })
      touched.push(...group)
      operations.push(operationId)
      covered.push(...(result.covered?.some ?? []))
      note ??= result.note
      counts.done += result.unbanned + result.absent
      counts.absent += result.absent
      // cancelled
      if (result.unbanned + result.absent < addresses.length) break
    } catch (problem) {
      const { reason } = describeError(problem)
      if (reason === 'ban_interrupted' || reason === 'unreachable') {
        touched.push(...group)
        operations.push(operationId)
      }
      return { touched, operations, ...counts, problem, covered, note }
    }
  }
  return { touched, operations, ...counts, problem: undefined, covered: withoutEnded(covered, touched), note }
}

/** A ban that covers an address may have been ended as well. */
function withoutEnded(covered: readonly CoveredAddress[], ended: readonly ChosenBan[]): CoveredAddress[] {
  const keys = new Set(ended.map(banKey))
  return covered.filter(({ by }) => !keys.has(banKey(by)))
}

const requestsOf = (bans: readonly ChosenBan[]) =>
  [...byJail(bans)].flatMap(([jail, group]) =>
    Array.from(chunk(group, MAX_ADDRESSES), (part) => [jail, part] as const),
  )
