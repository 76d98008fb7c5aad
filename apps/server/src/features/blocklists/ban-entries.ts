import type { StoredList } from '@bangui/db'
import type { HostDeps } from '../../deps.ts'
import { runBan } from '../bans/ban-batcher.ts'
import type { OperationHandle } from '../operations/operation.ts'
import { partOf } from '../operations/part-of.ts'

export interface EntriesToBan {
  readonly list: Pick<StoredList, 'id' | 'name' | 'jail'>
  readonly addresses: readonly string[]
  readonly signal: AbortSignal
  /** how many entries were reached before */
  readonly reached: number
}

/** Bans entries of a list that are not banned, as a part of its operation. @throws as runBan */
export async function banEntries(
  deps: HostDeps,
  { list, addresses, signal, reached }: EntriesToBan,
  operation: OperationHandle,
): Promise<{ readonly banned: number; readonly already: number; readonly tookMs: number }> {
  const begun = performance.now()
  const part = {
    ...partOf(operation, reached),
    signal: AbortSignal.any([operation.signal, signal]),
    // its bans are ended all together, with the list
    keep: async () => undefined,
  }
  const request = {
    jail: list.jail,
    bans: addresses.map((address) => ({ address })),
    by: { kind: 'blocklist', name: list.name, list: list.id },
    reason: null,
    operation: operation.id,
    areNew: true,
  } as const
  const { banned, already } = await runBan(deps, request, part)
  if (banned > 0) deps.geo.learn(addresses.slice(0, banned))
  return { banned, already, tookMs: Math.round(performance.now() - begun) }
}
