import { Buffer } from 'node:buffer'

/** An address, or the beginning of a network's keys, and what was counted of it. */
export interface Counted {
  readonly key: Uint8Array
  readonly bans: number
  /** of an address: its bans on the host that has most of them */
  readonly most: number
  readonly addresses: number
  readonly firstAt: number
  readonly lastAt: number
}

/** Keeps the `size` rows with the most bans, on all hosts or on one; of equals the latest, then the lower address. */
export function createTopList(size: number, by: 'bans' | 'most' = 'bans') {
  const compare = (one: Counted, other: Counted): number =>
    other[by] - one[by] || other.lastAt - one.lastAt || Buffer.compare(one.key, other.key)
  let kept: Counted[] = []
  return {
    add(rows: readonly Counted[]): void {
      if (rows.length > 0) kept = [...kept, ...rows].sort(compare).slice(0, size)
    },
    /** fewer bans than these come in no more */
    least: (): number => (kept.length < size ? 0 : (kept.at(-1)?.[by] ?? 0)),
    rows: (): readonly Counted[] => kept,
  }
}
