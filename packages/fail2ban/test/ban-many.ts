import type { BannedBatch } from '../src/models/ban-models.ts'
import { createPace } from '../src/host/batches.ts'
import type { Fail2banHost } from '../src/host.ts'

/** Bans many addresses in batches, of which a quick daemon has two at once, and calls `onDone` with how many are done. */
export async function banMany(
  { bans }: Pick<Fail2banHost, 'bans'>,
  jail: string,
  { addresses, onDone }: { readonly addresses: readonly string[]; readonly onDone?: (done: number) => void },
): Promise<{ banned: number; already: number; done: number }> {
  const total = { banned: 0, already: 0, done: 0 }
  const pace = createPace()
  let begun = 0
  const begin = (): Promise<BannedBatch> | undefined => {
    const batch = addresses.slice(begun, begun + pace.next())
    if (batch.length === 0) return undefined
    begun += batch.length
    const sending = bans.ban(jail, batch)
    sending.catch(() => undefined)
    return sending
  }
  let current = begin()
  while (current) {
    const ahead = pace.isQuick() ? begin() : undefined
    const { before, banned, tookMs } = await current
    pace.took(before.length, tookMs)
    total.banned += banned
    total.already += before.filter(Boolean).length
    total.done += before.length
    onDone?.(total.done)
    current = ahead ?? begin()
  }
  return total
}
