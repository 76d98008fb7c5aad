/** The middle value. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** The value that a share of all values does not exceed. */
export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ??
  Number.NaN

/** Milliseconds that some work took. */
export const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now()
  await work()
  return performance.now() - from
}

/** Three significant digits, or all digits before the point. */
export const round = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)))

/** The times of two ways to do the same, in milliseconds. */
export interface Compared {
  readonly ours: readonly number[]
  readonly bare: readonly number[]
}

/** Two ways to do the same; each is given the number of the round. */
export interface TwoWays {
  readonly ours: (index: number) => Promise<unknown>
  readonly bare: (index: number) => Promise<unknown>
}

/** Times both ways in turns, so that whatever slows the machine slows both. */
export async function timedInTurns(rounds: number, { ours, bare }: TwoWays): Promise<Compared> {
  const times = { ours: [] as number[], bare: [] as number[] }
  for (let index = 0; index < rounds; index++) {
    times.ours.push(await timed(() => ours(index)))
    times.bare.push(await timed(() => bare(index)))
  }
  return times
}
