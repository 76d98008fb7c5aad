/** Numbers that look random and are the same again for the same seed. */
export interface Random {
  /** at least `low`, less than `high` */
  between(low: number, high: number): number
  integer(low: number, high: number): number
  pick<TItem>(items: readonly [TItem, ...TItem[]]): TItem
  /** Returns an item, each as often as its weight. */
  weighted<TItem extends { readonly weight: number }>(items: readonly [TItem, ...TItem[]]): TItem
  /** a waiting time with this mean, as of things that happen independently of each other */
  wait(mean: number): number
}

export function createRandom(seed: number): Random {
  const next = mulberry32(seed)
  const between = (low: number, high: number) => low + next() * (high - low)
  const integer = (low: number, high: number) => Math.floor(between(low, high + 1))
  return {
    between,
    integer,
    pick: (items) => items[integer(0, items.length - 1)] ?? items[0],
    weighted: (items) => {
      let rest = between(
        0,
        items.reduce((sum, { weight }) => sum + weight, 0),
      )
      return items.find(({ weight }) => (rest -= weight) < 0) ?? items[0]
    },
    wait: (mean) => -mean * Math.log(1 - next()),
  }
}

/** Tommy Ettinger's mulberry32: 32 bits of state, good enough to invent people with. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
