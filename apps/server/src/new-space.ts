import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** Bytes of the space for new objects above which it grows no more; V8 alone would let it take a hundred million. */
const LARGE = 12_000_000

/** V8 reads this flag anew each time that it might grow that space. */
const setGrowth = (factor: 1 | 2) => setFlagsFromString(`--semi-space-growth-factor=${factor}`)

/** Keeps the space for new objects as small as it is: a start would make it grow for good, and nothing after it need that. */
export const holdNewSpace = (): void => setGrowth(1)

/** Lets that space grow from now on where there is much to do, up to a bound. */
export function boundNewSpace(): void {
  const follow = () => setGrowth(newSpaceSize() < LARGE ? 2 : 1)
  new PerformanceObserver(follow).observe({ entryTypes: ['gc'] })
  follow()
}

const newSpaceSize = () =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0
