import { mutex, type Lock } from '@bangui/async'
import type { LostBans, StoredEvent } from '@bangui/shared'
import { parseAddress } from '@bangui/shared'
import * as z from 'zod'
import type { Deps } from '../../deps.ts'

/** Where the bans that a crash lost are kept until somebody decides about them. */
const LOST_POSITION = 'lost_bans'

/** More are not kept by name. */
const MAX_LOST_BANS = 50_000

const Stored = z.object({
  at: z.int(),
  bans: z.array(z.object({ jail: z.string(), address: z.string() })).max(MAX_LOST_BANS),
  // the last event that was taken in: what was decided about since does not come back when it is looked up again
  upTo: z.int().default(0),
})

type Kept = z.infer<typeof Stored>

type LostBan = Kept['bans'][number]

type LostDeps = Pick<Deps, 'archive' | 'state' | 'clock'>

/** Changes of the same list must not cross: each takes what the one before left. */
const locks = new WeakMap<Deps['archive'], Lock>()

/**
 * Remembers the bans that the daemon had before it went and does not have since; a second loss adds to the first. An
 * event counts once: given again, it adds nothing.
 */
export async function rememberLost(deps: LostDeps, events: readonly StoredEvent[]): Promise<void> {
  const lost = events.flatMap(({ seq, event }) =>
    event.type === 'ban.removed' && event.reason === 'lost' && parseAddress(event.address)
      ? [{ seq, ban: { jail: event.jail, address: event.address } }]
      : [],
  )
  if (lost.length === 0) return
  await change(deps, ({ bans, upTo }) => {
    const added = lost.filter(({ seq }) => seq > upTo)
    const all = byKey([...bans, ...added.map(({ ban }) => ban)])
    return {
      bans: [...all.values()].slice(-MAX_LOST_BANS),
      upTo: added.reduce((last, { seq }) => Math.max(last, seq), upTo),
    }
  })
}

/** Forgets lost bans that are active again, because somebody banned them anew or fail2ban restored them late. */
export async function forgetBanned(deps: LostDeps, events: readonly StoredEvent[]): Promise<void> {
  if (deps.state.get().lostBans === null) return
  const banned = events.flatMap(({ event }) =>
    event.type === 'ban.added' ? [{ jail: event.jail, address: event.address }] : [],
  )
  if (banned.length > 0) await forgetLost(deps, banned)
}

/** The bans that were lost and that nobody has decided about. */
export async function listLost(deps: Pick<Deps, 'archive'>): Promise<readonly LostBan[]> {
  return (await load(deps))?.bans ?? []
}

/** Forgets these, or all: they were banned again, or are not to be. What was lost meanwhile stays. */
export async function forgetLost(deps: LostDeps, handled?: readonly LostBan[]): Promise<void> {
  await change(deps, ({ bans, upTo }) => {
    const left = byKey(handled ? bans : [])
    for (const ban of handled ?? []) left.delete(keyOf(ban))
    return { bans: [...left.values()], upTo }
  })
}

type Change = (kept: Omit<Kept, 'at'>) => Omit<Kept, 'at'>

function change(deps: LostDeps, to: Change): Promise<void> {
  return lockOf(deps)(async () =>
    store(deps, { ...to((await load(deps)) ?? { bans: [], upTo: 0 }), at: deps.clock() }),
  )
}

function lockOf({ archive }: Pick<Deps, 'archive'>): Lock {
  const lock = locks.get(archive) ?? mutex()
  locks.set(archive, lock)
  return lock
}

const keyOf = ({ jail, address }: LostBan) => `${address} ${jail}`

const byKey = (bans: readonly LostBan[]) => new Map(bans.map((ban) => [keyOf(ban), ban]))

/** Takes what the last run left into the state. */
export async function restoreLost(deps: LostDeps): Promise<void> {
  await lockOf(deps)(async () => {
    const stored = await load(deps)
    if (stored) await show(deps, stored)
  })
}

async function load({ archive }: Pick<Deps, 'archive'>): Promise<Kept | undefined> {
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

async function store(deps: LostDeps, value: Kept): Promise<void> {
  await deps.archive.setPosition(LOST_POSITION, JSON.stringify(value))
  await show(deps, value)
}

async function show(deps: LostDeps, { at, bans }: Kept): Promise<void> {
  const counts = new Map<string, number>()
  for (const { jail } of bans) counts.set(jail, (counts.get(jail) ?? 0) + 1)
  const jails = [...counts].map(([jail, count]) => ({ jail, count }))
  const lostBans: LostBans | null = bans.length > 0 ? { count: bans.length, at, jails } : null
  await deps.state.update((state) => ({ ...state, lostBans }))
}
