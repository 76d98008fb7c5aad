import type { BanList } from '@bangui/shared'
import type { WatchingApi } from '../../api/watching-api.ts'
import { banKey, type inputOf } from './ban-view.ts'
import type { ChosenBan } from './selection.ts'

/** Most bans that one go ends: what one request may name. */
const MOST = 50_000

/** Every ban that a view has, page by page, but those in `except`. */
export async function collectBans(
  api: WatchingApi,
  input: ReturnType<typeof inputOf>,
  except: ReadonlyMap<string, ChosenBan>,
): Promise<ChosenBan[]> {
  const bans: ChosenBan[] = []
  let cursor: string | null = null
  do {
    const page: BanList = await api.bans.list.query({ ...input, limit: 500, cursor })
    for (const { address, jail, until } of page.rows)
      if (!except.has(banKey({ address, jail }))) bans.push({ address, jail, until })
    cursor = page.nextCursor
  } while (cursor !== null && bans.length < MOST)
  return bans.slice(0, MOST)
}
