import type { BanLines, HistoryPage, ListHistoryInput, StoredEvent } from '@bangui/shared'
import type { ScopeDeps } from '../../deps.ts'
import { onlyHost } from '../../hosts/only-host.ts'
import { withHostKey } from '../../hosts/with-host-key.ts'
import { historyFilterOf, requireKeptOrigin } from './history-filter.ts'
import { listLiveHistory } from './live-history.ts'

type HistoryDeps = Pick<ScopeDeps, 'archive' | 'scope' | 'isAll' | 'geo' | 'clock'>

export interface EventsQuery {
  readonly before?: number | null | undefined
  readonly types?: readonly string[] | null | undefined
  readonly jail?: string | null | undefined
  readonly limit: number
}

/** One page of bans of the past and present, newest first. @throws AppError origin_not_kept */
export async function listHistory(
  deps: HistoryDeps,
  input: ListHistoryInput,
  signal?: AbortSignal,
): Promise<HistoryPage> {
  requireKeptOrigin(input)
  const filter = historyFilterOf(input)
  if (!filter) return { rows: [], nextCursor: null }
  const { cursor = null, limit } = input
  const page =
    input.source === 'archive'
      ? await deps.archive.listHistory({ filter, cursor, limit })
      : await listLiveHistory(
          { ...deps, host: onlyHost(deps.scope).host },
          { filter, search: input.search ?? '', cursor, limit, signal },
        )
  return { ...page, rows: withHostKey(deps, page.rows) }
}

/** The log lines that caused a ban. */
export const listLines = async (deps: Pick<ScopeDeps, 'archive'>, id: number): Promise<BanLines> => ({
  id,
  lines: await deps.archive.listLines(id),
})

/** Events that the feed does not have any more, newest first. */
export async function listEvents(
  deps: Pick<ScopeDeps, 'archive' | 'scope' | 'isAll'>,
  { before, types, jail, limit }: EventsQuery,
): Promise<StoredEvent[]> {
  const query = { before: before ?? null, types: types ?? null, jail: jail ?? null, limit }
  const stored = await deps.archive.listEvents(query)
  const events = withHostKey(
    deps,
    stored.map(({ event }) => event),
  )
  return stored.map(({ seq, event }, index) => ({ seq, event: events[index] ?? event }))
}
