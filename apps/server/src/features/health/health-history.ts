import { listFilterTests, listIgnores, listVisitors } from '@bangui/db'
import {
  DAY_MS,
  MAX_FILTER_TESTS,
  noHealthHistory,
  type FilterTest,
  type HealthCheckId,
  type HealthHistory,
} from '@bangui/shared'
import { hasEnded } from '../ignores/ignore-plan.ts'
import type { HealthDeps } from './health-deps.ts'
import { listTunedJails } from './tuned-jails.ts'

type HistoryDeps = Pick<HealthDeps, 'archive' | 'hostDb' | 'clock' | 'log'>

const VISITORS_MS = 30 * DAY_MS
const BANS_MS = 7 * DAY_MS

/** What each of these checks needs of the history; the others need nothing of it. */
const needs: { readonly [TId in HealthCheckId]?: keyof HealthHistory } = {
  drift: 'tuned',
  'proxy-banned': 'visitors',
  'returns-at-once': 'returns',
  'monitor-banned': 'repeats',
  'slow-distributed': 'failures',
  'many-failures-no-ban': 'failures',
}

/** Returns what these checks need of BanGUI's own history; what cannot be read is null. Never rejects. */
export async function readHealthHistory(
  { archive, hostDb, clock, log }: HistoryDeps,
  checks: readonly HealthCheckId[],
): Promise<HealthHistory> {
  const wanted = new Set(checks.flatMap((id) => needs[id] ?? []))
  const parts = (['returns', 'repeats', 'failures'] as const).filter((part) => wanted.has(part))
  const now = clock()
  try {
    const patterns =
      parts.length === 0
        ? noHealthHistory
        : await archive.banPatterns({ parts, bansFrom: now - BANS_MS, failuresFrom: now - DAY_MS })
    const tuned = wanted.has('tuned') ? await listTunedJails(hostDb) : null
    const visitors = wanted.has('visitors') ? await listVisitors(hostDb.db, now - VISITORS_MS) : null
    const allowed = wanted.has('tuned') ? await listAllowed(hostDb, now) : null
    return { ...noHealthHistory, ...patterns, visitors, tuned, allowed }
  } catch (error) {
    log.warn({ event: 'health_history_failed', err: error }, 'the history could not be read for the checks')
    return noHealthHistory
  }
}

/** Returns the entries of the allow list that hold now. */
async function listAllowed(hostDb: HistoryDeps['hostDb'], now: number): Promise<HealthHistory['allowed']> {
  const entries = (await listIgnores(hostDb)).filter((entry) => !hasEnded(entry, now))
  return entries.map(({ jail, address }) => ({ jail, address }))
}

/** Returns the samples of filters where one of these checks asks for them. @throws what the database throws */
export async function listTestsFor(
  { hostDb }: Pick<HealthDeps, 'hostDb'>,
  checks: readonly HealthCheckId[],
): Promise<FilterTest[] | undefined> {
  if (!checks.includes('filter-test-fails')) return undefined
  return (await listFilterTests(hostDb, null)).slice(0, MAX_FILTER_TESTS)
}
