import type { BanLines, HistoryPage, ListHistoryInput, StoredEvent } from '@bangui/shared'
import type { Deps } from '../../deps.ts'
import { banFilterOf } from './ban-filter.ts'
import { listLiveHistory } from './live-history.ts'

type HistoryDeps = Pick<Deps, 'archive' | 'host' | 'geo' | 'clock'>

export interface EventsQuery {
  readonly before?: number | null | undefined
  readonly types?: readonly string[] | null | undefined
  readonly jail?: string | null | undefined
  readonly limit: number
}

/** One page of bans of the past and present, newest first. */
export function listHistory(
  deps: HistoryDeps,
  input: ListHistoryInput,
  signal?: AbortSignal,
): Promise<HistoryPage> {
  if (input.source === 'live') return listLiveHistory(deps, input, signal)
  const { cursor, limit } = input
  return deps.archive.listHistory({ filter: banFilterOf(input), cursor: cursor ?? null, limit })
}

/** The log lines that caused a ban. */
export const listLines = async (deps: Pick<Deps, 'archive'>, id: number): Promise<BanLines> => ({
  id,
  lines: await deps.archive.listLines(id),
})

/** Events that the feed does not have any more, newest first. */
export const listEvents = (
  deps: Pick<Deps, 'archive'>,
  { before, types, jail, limit }: EventsQuery,
): Promise<StoredEvent[]> =>
  deps.archive.listEvents({ before: before ?? null, types: types ?? null, jail: jail ?? null, limit })
