import { JailUnknownError } from '@bangui/fail2ban'
import {
  errorText,
  keyRangeOf,
  parseAddress,
  PERMANENT,
  type BanResult,
  type RefusedAddress,
} from '@bangui/shared'
import { forgetLost, listLost } from '../events/lost-bans.ts'
import { runBan, type BanDeps, type WantedBan } from './run-ban.ts'
import { inSlices } from './slices.ts'

/**
 * Bans again what a crash of the daemon lost, each until it would have ended: as long as the jail's own bantime, or
 * ended before by BanGUI. Those of a jail that does not run are refused and stay on the list.
 */
export async function banLost(
  deps: BanDeps,
  { userName, operationId }: { readonly userName: string; readonly operationId?: string | undefined },
): Promise<BanResult> {
  const byJail = Map.groupBy(await listLost(deps), ({ jail }) => jail)
  const total = { banned: 0, already: 0, refused: [] as RefusedAddress[] }
  for (const [jail, lost] of byJail) {
    const addresses = [...new Set(lost.map(({ address }) => address))]
    const bantime = await bantimeOf(deps, jail)
    if (bantime === null) {
      total.refused.push(...addresses.map((address) => jailAway(jail, address)))
      continue
    }
    const result = await runBan(deps, {
      jail,
      bans: await whatIsLeft(deps, { jail, addresses, bantime }),
      by: { kind: 'user', name: userName },
      reason: null,
      // one id names one operation: with several jails the others go without
      operationId: byJail.size === 1 ? operationId : undefined,
    })
    total.banned += result.banned
    total.already += result.already
    total.refused.push(...result.refused)
    const refused = new Set(result.refused.map(({ address }) => address))
    await forgetLost(
      deps,
      lost.filter(({ address }) => !refused.has(address)),
    )
  }
  return { ...total, jail: [...byJail.keys()].join(', ') }
}

const jailAway = (jail: string, address: string): RefusedAddress => ({
  address,
  reason: 'unknown',
  message: errorText('jail_not_running', { name: jail }),
})

async function bantimeOf({ host }: BanDeps, jail: string): Promise<number | null> {
  try {
    return (await host.getTuning(jail)).bantime ?? PERMANENT
  } catch (error) {
    if (error instanceof JailUnknownError) return null
    throw error
  }
}

interface LostOfJail {
  readonly jail: string
  readonly addresses: readonly string[]
  /** seconds, -1 is permanent */
  readonly bantime: number
}

/** The bans whose time is not over, and when BanGUI has to end them. */
async function whatIsLeft(deps: BanDeps, { jail, addresses, bantime }: LostOfJail): Promise<WantedBan[]> {
  const wanted: WantedBan[] = []
  for await (const slice of inSlices(addresses, 50)) {
    const ends = await Promise.all(slice.map((address) => endOf(deps, jail, address)))
    const now = deps.clock()
    const jailEnd = bantime === PERMANENT ? Number.POSITIVE_INFINITY : now + bantime * 1000
    for (const [index, address] of slice.entries()) {
      const end = ends[index] ?? Number.POSITIVE_INFINITY
      if (end > now) wanted.push({ address, endIfBegun: () => (end < jailEnd ? end : null) })
    }
  }
  return wanted
}

/** When the newest ban of an address in a jail would have ended. */
async function endOf({ archive }: BanDeps, jail: string, text: string): Promise<number> {
  const address = parseAddress(text)
  if (!address) return 0
  const filter = { jail, addresses: keyRangeOf(address) }
  const [row] = (await archive.listHistory({ filter, cursor: null, limit: 1 })).rows
  if (!row || row.duration <= 0) return Number.POSITIVE_INFINITY
  return row.at + row.duration * 1000
}
