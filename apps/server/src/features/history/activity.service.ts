import type { ActivityEntry, BanFilter, OperationPlace, OperationSpan } from '@bangui/db'
import {
  type ActivityCounts,
  type ActivityKind,
  activityKindOf,
  activityKinds,
  type ActivityPage,
  type ActivityRow,
  activityTypesOf,
  type CountActivityInput,
  type EventType,
  type ListActivityInput,
  type Operation,
} from '@bangui/shared'
import type { ScopeDeps } from '../../deps.ts'
import { withHostKey } from '../../hosts/with-host-key.ts'
import { toOperations } from '../operations/list-operations.ts'
import { historyFilterOf } from './history-filter.ts'

type ActivityDeps = Pick<ScopeDeps, 'archive' | 'operations' | 'scope' | 'isAll'>

/** More operations are not counted one by one. */
const MAX_COUNTED_OPERATIONS = 1_000

/** An operation with its place in the list. */
interface Placed extends OperationPlace {
  readonly operation: Operation | undefined
}

/** Returns a page of what happened and of what was done, newest first. */
export async function listActivity(deps: ActivityDeps, input: ListActivityInput): Promise<ActivityPage> {
  const filter = filterOf(input)
  if (!filter) return { rows: [], nextCursor: null }
  const kinds = input.kinds ?? activityKinds
  const place = readPlace(input.cursor)
  // one more shows whether there is another page
  const limit = input.limit + 1
  const [entries, operations] = await Promise.all([
    deps.archive.listActivity({
      filter,
      types: filter.first ? [] : activityTypesOf(kinds),
      bans: kinds.includes('ban'),
      after: place.archive,
      limit,
    }),
    listOperations(deps, spanOf(deps, kinds, filter), { before: place.operation, limit }),
  ])
  return toPage(deps, { entries, operations, place, limit: input.limit })
}

/** Returns how many entries of each kind there are. */
export async function countActivity(deps: ActivityDeps, input: CountActivityInput): Promise<ActivityCounts> {
  const filter = filterOf(input)
  const counts: ActivityCounts['counts'] = { ban: 0, unban: 0, failure: 0, ignored: 0, system: 0, change: 0 }
  if (!filter) return { counts, eventsSince: null }
  const span = spanOf(deps, ['change'], filter)
  const [totals, operations] = await Promise.all([
    deps.archive.countActivity({ filter, types: filter.first ? [] : activityTypesOf(activityKinds) }),
    span ? deps.operations.records.countOfSpan(span, MAX_COUNTED_OPERATIONS) : 0,
  ])
  for (const [type, count] of Object.entries(totals.events)) {
    const kind = activityKindOf(type as EventType)
    if (kind) counts[kind] = (counts[kind] ?? 0) + count
  }
  const change = operations === null ? null : (counts.change ?? 0) + operations
  return { counts: { ...counts, ban: totals.bans, change }, eventsSince: totals.eventsSince }
}

function filterOf(input: CountActivityInput): BanFilter | undefined {
  const filter = historyFilterOf(input)
  return filter && { ...filter, first: input.first }
}

/** Returns the operations that pass the filter; null: none can. They have no country and no address. */
function spanOf(
  { scope }: Pick<ActivityDeps, 'scope'>,
  kinds: readonly ActivityKind[],
  { jail, text, country, addresses, origin, first, from, to }: BanFilter,
): OperationSpan | null {
  if (!kinds.includes('change') || first) return null
  if (text !== undefined || country !== undefined || addresses !== undefined) return null
  const span = { hostIds: scope.map(({ id }) => id), jail, from, to }
  if (origin === undefined) return span
  if (origin === 'user') return { ...span, actorKinds: ['user', 'token'] }
  return origin === 'blocklist' ? { ...span, kind: 'blocklist.import' } : null
}

async function listOperations(
  deps: ActivityDeps,
  span: OperationSpan | null,
  page: { readonly before: OperationPlace | null; readonly limit: number },
): Promise<Placed[]> {
  if (!span) return []
  const found = await deps.operations.records.listOfSpan(span, page)
  const operations = toOperations(
    deps,
    found.map(({ record }) => record),
  )
  return found.map(({ startedAt, seq }, index) => ({ startedAt, seq, operation: operations[index] }))
}

interface Found {
  readonly entries: readonly ActivityEntry[]
  readonly operations: readonly Placed[]
  readonly place: Place
  readonly limit: number
}

/** Merges both lists by time. */
function toPage(deps: ActivityDeps, found: Found): ActivityPage {
  const { entries, operations, limit } = found
  const rows: ActivityRow[] = []
  let { archive, operation: last } = found.place
  let entry = 0
  let operation = 0
  for (let taken = 0; taken < limit; taken++) {
    const nextEntry = entries[entry]
    const nextOperation = operations[operation]
    if (nextOperation && (!nextEntry || nextOperation.startedAt >= nextEntry.at)) {
      operation++
      last = nextOperation
      rows.push(...toOperationRow(nextOperation))
    } else if (nextEntry) {
      entry++
      archive = nextEntry.after
      rows.push(toRow(deps, nextEntry))
    } else break
  }
  const isMore = entry < entries.length || operation < operations.length
  return { rows, nextCursor: isMore ? writePlace({ archive, operation: last }) : null }
}

function toRow(deps: ActivityDeps, entry: ActivityEntry): ActivityRow {
  const { at } = entry
  if ('stored' in entry) {
    const { seq, event } = entry.stored
    const [ofHost = event] = withHostKey(deps, [event])
    return { type: 'event', id: `event-${seq}`, at, event: ofHost }
  }
  const [ban = entry.ban] = withHostKey(deps, [entry.ban])
  return { type: 'ban', id: `ban-${ban.id}`, at, ban, tried: [...entry.tried] }
}

const toOperationRow = ({ operation, startedAt }: Placed): ActivityRow[] =>
  operation ? [{ type: 'operation', id: operation.id, at: startedAt, operation }] : []

/** How far a reader has come in both lists. */
interface Place {
  readonly archive: string | null
  readonly operation: OperationPlace | null
}

const writePlace = ({ archive, operation }: Place): string =>
  `${archive ?? ''}.${operation ? `${operation.startedAt}-${operation.seq}` : ''}`

/** Anything that is no place counts as the beginning. */
function readPlace(cursor: string | null | undefined): Place {
  const [, archive = '', startedAt, seq] = /^([\w~-]*)\.(?:(\d{1,15})-(\d{1,15}))?$/.exec(cursor ?? '') ?? []
  const operation = startedAt && seq ? { startedAt: Number(startedAt), seq: Number(seq) } : null
  return { archive: archive === '' ? null : archive, operation }
}
