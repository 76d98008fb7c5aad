/** Counts over time; all series of a chart have the same number of points. */
export type Series = {
  readonly name: string
  readonly points: readonly number[]
  /** the sum of all that have no series of their own */
  readonly isRest?: boolean
}

/** One per colour; the last colour is for the rest. */
export const MAX_SERIES = 8
const REST_NAME = 'Others'

/** Returns the largest series, and the rest as one series. */
export function groupSeries(series: readonly Series[], most = MAX_SERIES): readonly Series[] {
  const known = series.filter(({ points }) => points.some((count) => count > 0))
  const sorted = known.toSorted((one, other) => total(other.points) - total(one.points))
  if (sorted.length < most) return sorted
  const rest = sorted.slice(most - 1)
  const length = Math.max(...rest.map(({ points }) => points.length))
  const points = Array.from({ length }, (_, index) => total(rest.map((each) => each.points[index] ?? 0)))
  return [...sorted.slice(0, most - 1), { name: REST_NAME, points, isRest: true }]
}

/** Returns the sum of counts. */
export const total = (points: readonly number[]): number => points.reduce((sum, count) => sum + count, 0)

/** Returns the sum of all series at each point. */
export function totals(series: readonly Series[]): readonly number[] {
  const length = Math.max(0, ...series.map(({ points }) => points.length))
  return Array.from({ length }, (_, index) => total(series.map(({ points }) => points[index] ?? 0)))
}

export type Plot = {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Returns one SVG path per series: its bars, stacked on those of the series before, with a gap where there is room. */
export function stackedBars(series: readonly Series[], plot: Plot, top: number): readonly string[] {
  const length = Math.max(0, ...series.map(({ points }) => points.length))
  const slot = plot.width / Math.max(length, 1)
  const gap = slot > 6 ? Math.min(3, slot * 0.2) : slot > 3 ? 1 : 0
  const floor = Array.from({ length }, () => 0)
  return series.map(({ points }) => {
    let path = ''
    points.forEach((count, index) => {
      if (count <= 0) return
      const below = floor[index] ?? 0
      floor[index] = below + count
      const y = plot.top + plot.height * (1 - (below + count) / top)
      const x = plot.left + index * slot + gap / 2
      const whole = (plot.height * count) / top
      const height = gap > 0 && below > 0 && whole > 3 ? whole - 1 : whole
      path += `M${round(x)} ${round(y)}h${round(slot - gap)}v${round(height)}h${round(gap - slot)}z`
    })
    return path
  })
}

const round = (value: number) => Math.round(value * 100) / 100
