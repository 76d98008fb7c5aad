import type { BanLines, HistoryPage, ListHistoryInput, StoredEvent } from '@bangui/shared'
import type { ScopeDeps } from '../../deps.ts'
import { onlyHost } from '../../hosts/only-host.ts'
import { historyFilterOf } from './history-filter.ts'
import { listLiveHistory } from './live-history.ts'

type HistoryDeps = Pick<ScopeDeps, 'archive' | 'scope' | 'geo' | 'clock'>

export interface EventsQuery {
  readonly before?: number | null | undefined
  readonly types?: readonly string[] | null | undefined
  readonly jail?: string | null | undefined
  readonly limit: number
}

/** One page of bans of the past and present, newest first. */
export async function listHistory(
  deps: HistoryDeps,
  input: ListHistoryInput,
  signal?: AbortSignal,
): Promise<HistoryPage> {
  const filter = historyFilterOf(input)
  if (!filter) return { rows: [], nextCursor: null }
  const { cursor = null, limit } = input
  if (input.source === 'archive') return deps.archive.listHistory({ filter, cursor, limit })
  const { host } = onlyHost(deps.scope)
  return listLiveHistory({ ...deps, host }, { filter, search: input.search ?? '', cursor, limit, signal })
}

/** The log lines that caused a ban. */
export const listLines = async (deps: Pick<ScopeDeps, 'archive'>, id: number): Promise<BanLines> => ({
  id,
  lines: await deps.archive.listLines(id),
})

/** Events that the feed does not have any more, newest first. */
export const listEvents = (
  deps: Pick<ScopeDeps, 'archive'>,
  { before, types, jail, limit }: EventsQuery,
): Promise<StoredEvent[]> =>
  deps.archive.listEvents({ before: before ?? null, types: types ?? null, jail: jail ?? null, limit })
