import type { Ban } from '@bangui/shared'
import type { Deps } from '../../deps.ts'
import { inSlices } from './slices.ts'

/** The bans in force of exactly these addresses in a jail, as far as BanGUI knows. */
export async function findBanned(
  { archive }: Pick<Deps, 'archive'>,
  jail: string,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, Ban>> {
  const found = new Map<string, Ban>()
  // of a network, the bans of all that it holds would come: it may be millions
  const single = addresses.filter((address) => !address.includes('/'))
  for await (const slice of inSlices(single, 1_000))
    for (const ban of await archive.findActive(slice)) if (ban.jail === jail) found.set(ban.address, ban)
  return found
}
