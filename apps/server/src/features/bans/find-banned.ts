import { pacedChunks } from '@bangui/async'
import type { Ban } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'

/** The bans in force of exactly these addresses in a jail, as far as BanGUI knows. */
export async function findBanned(
  { archive }: Pick<HostDeps, 'archive'>,
  jail: string,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, Ban>> {
  const found = new Map<string, Ban>()
  for await (const chunk of pacedChunks(addresses, 1_000))
    for (const ban of await archive.findActive(chunk, { exactly: true }))
      if (ban.jail === jail) found.set(ban.address, ban)
  return found
}
