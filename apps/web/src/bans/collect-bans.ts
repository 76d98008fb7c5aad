import type { BanList } from '@bangui/shared'
import type { StatsApi } from '../api/stats-api.ts'
import { banKey, type inputOf } from './ban-view.ts'
import { chosenOf, type ChosenBan } from './selection.ts'

/** Returns all bans of a view, fetched page by page, without those in `except`. */
export async function collectBans(
  api: StatsApi,
  input: ReturnType<typeof inputOf>,
  except: ReadonlyMap<string, ChosenBan>,
): Promise<ChosenBan[]> {
  const bans: ChosenBan[] = []
  let cursor: string | null = null
  do {
    const page: BanList = await api.bans.list.query({ ...input, limit: 500, cursor })
    for (const ban of page.rows) if (!except.has(banKey(ban))) bans.push(chosenOf(ban))
    cursor = page.nextCursor
  } while (cursor !== null)
  return bans
}
