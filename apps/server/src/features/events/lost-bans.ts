import type { LostBans, StoredEvent } from '@bangui/shared'
import { parseAddress } from '@bangui/shared'
import * as z from 'zod'
import type { Deps } from '../../deps.ts'

/** Where the bans that a crash lost are kept until somebody decides about them. */
const LOST_POSITION = 'lost_bans'

/** More are not kept by name. */
const MOST = 50_000

const Stored = z.object({
  at: z.int(),
  bans: z.array(z.object({ jail: z.string(), address: z.string() })).max(MOST),
})

type LostBan = z.infer<typeof Stored>['bans'][number]

type LostDeps = Pick<Deps, 'archive' | 'state' | 'clock'>

/** Remembers the bans that the daemon had before it went and does not have since; a second loss adds to the first. */
export async function rememberLost(deps: LostDeps, events: readonly StoredEvent[]): Promise<void> {
  const lost = events.flatMap(({ event }) =>
    event.type === 'ban.removed' && event.reason === 'lost' && parseAddress(event.address)
      ? [{ jail: event.jail, address: event.address }]
      : [],
  )
  if (lost.length === 0) return
  const bans = [...byKey([...(await listLost(deps)), ...lost]).values()].slice(-MOST)
  await store(deps, { at: deps.clock(), bans })
}

/** The bans that were lost and that nobody has decided about. */
export async function listLost(deps: Pick<Deps, 'archive'>): Promise<readonly LostBan[]> {
  return (await load(deps))?.bans ?? []
}

/** Forgets these, or all: they were banned again, or are not to be. What was lost meanwhile stays. */
export async function forgetLost(deps: LostDeps, handled?: readonly LostBan[]): Promise<void> {
  const left = byKey(handled ? await listLost(deps) : [])
  for (const ban of handled ?? []) left.delete(keyOf(ban))
  await store(deps, { at: deps.clock(), bans: [...left.values()] })
}

const keyOf = ({ jail, address }: LostBan) => `${address} ${jail}`

const byKey = (bans: readonly LostBan[]) => new Map(bans.map((ban) => [keyOf(ban), ban]))

/** Takes what the last run left into the state. */
export async function restoreLost(deps: LostDeps): Promise<void> {
  const stored = await load(deps)
  if (stored) await show(deps, stored)
}

async function load({ archive }: Pick<Deps, 'archive'>): Promise<z.infer<typeof Stored> | undefined> {
  const text = await archive.getPosition(LOST_POSITION)
  if (text === null) return undefined
  return Stored.safeParse(parseJson(text)).data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // cut off or written by something else: there are none
    return null
  }
}

async function store(deps: LostDeps, value: z.infer<typeof Stored>): Promise<void> {
  await deps.archive.setPosition(LOST_POSITION, JSON.stringify(value))
  await show(deps, value)
}

async function show(deps: LostDeps, { at, bans }: z.infer<typeof Stored>): Promise<void> {
  const counts = new Map<string, number>()
  for (const { jail } of bans) counts.set(jail, (counts.get(jail) ?? 0) + 1)
  const jails = [...counts].map(([jail, count]) => ({ jail, count }))
  const lostBans: LostBans | null = bans.length > 0 ? { count: bans.length, at, jails } : null
  await deps.state.update((state) => ({ ...state, lostBans }))
}
