import { contains, isWholeFamily, parseAddress } from '@bangui/shared'

export interface SimulatedBan {
  readonly address: string
  /** epoch milliseconds */
  readonly since: number
  /** seconds, -1 is permanent */
  readonly duration: number
}

/** The bans in force of a simulated jail. Each reading ends those whose time is over. */
export interface BanTable {
  list(): readonly SimulatedBan[]
  count(): number
  /** Returns whether a text, as it was banned, is banned. */
  has(text: string): boolean
  /** Adds a ban of `duration` seconds, -1 is permanent. Returns its canonical text; undefined where it is banned already. */
  add(text: string, duration: number): string | undefined
  /** Ends the bans of an address, or of all in a network. Returns how many there were. */
  end(text: string): number
  endAll(): number
}

export interface BanTableOptions {
  /** epoch milliseconds */
  readonly now: () => number
  readonly onEnd: (address: string) => void
}

const MAX_BANS = 1_000_000

/** Creates an empty table. */
export function createBanTable({ now, onEnd }: BanTableOptions): BanTable {
  const bans = new Map<string, SimulatedBan>()
  /** no ban ends before */
  let nextEnd = Number.POSITIVE_INFINITY

  const end = (key: string): boolean => {
    const isEnded = bans.delete(key)
    if (isEnded) onEnd(key)
    return isEnded
  }
  const expire = () => {
    if (now() < nextEnd) return
    nextEnd = Number.POSITIVE_INFINITY
    for (const [key, ban] of bans) {
      if (endOf(ban) <= now()) end(key)
      else nextEnd = Math.min(nextEnd, endOf(ban))
    }
  }
  const current = () => {
    expire()
    return bans
  }

  return {
    list: () => [...current().values()],
    count: () => current().size,
    has: (text) => current().has(text),
    add(text, duration) {
      const key = canonical(text)
      if (current().has(key) || bans.size >= MAX_BANS) return undefined
      const ban = { address: key, since: now(), duration }
      bans.set(key, ban)
      nextEnd = Math.min(nextEnd, endOf(ban))
      return key
    },
    end(text) {
      expire()
      const target = parseAddress(text)
      if (!target?.text.includes('/')) return end(canonical(text)) ? 1 : 0
      const inside = [...bans.keys()].filter((key) => {
        const banned = parseAddress(key)
        return banned !== undefined && contains(target, banned)
      })
      for (const key of inside) end(key)
      return inside.length
    },
    endAll() {
      const all = [...current().keys()]
      for (const key of all) end(key)
      return all.length
    },
  }
}

const endOf = ({ since, duration }: SimulatedBan): number =>
  duration < 0 ? Number.POSITIVE_INFINITY : since + duration * 1000

/** Returns the canonical text; fail2ban drops a prefix length of 0. */
export function canonical(text: string): string {
  const address = parseAddress(text)
  if (!address) return text
  return isWholeFamily(address) ? address.text.replace('/0', '') : address.text
}
