import { DAY_MS, type RecordedSince, type Source } from '@bangui/shared'
import type { ScopeDeps } from '../../deps.ts'
import { onlyHost } from '../../hosts/only-host.ts'

type RecordedDeps = Pick<ScopeDeps, 'archive' | 'scope' | 'appState' | 'clock'>

/** Returns since when a source is complete. */
export async function findRecordedSince(
  deps: RecordedDeps,
  { source }: { readonly source: Source },
  signal?: AbortSignal,
): Promise<RecordedSince> {
  if (source === 'live') {
    const bans = await onlyHost(deps.scope).host.history.recordedSince({ signal })
    return { bans, failures: null, singleBans: bans }
  }
  const { bans, failures } = await deps.archive.recordedTimes()
  return { bans, failures, singleBans: Math.max(bans, keptSince(deps)) }
}

/** Since when bans are kept one by one; their numbers by hour and by day stay. */
function keptSince({ appState, clock }: Pick<ScopeDeps, 'appState' | 'clock'>): number {
  const { historyRetentionDays } = appState.get().runtimeSettings
  return historyRetentionDays === 0 ? 0 : Math.max(0, clock() - historyRetentionDays * DAY_MS)
}
