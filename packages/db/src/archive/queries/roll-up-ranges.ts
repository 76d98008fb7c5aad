import { type Bounds, DAY_MS, HOUR_MS } from '@bangui/shared'

/** A part of a span, and where it is counted: in the roll-ups of whole hours or days, or ban by ban. */
export interface RollUpRange extends Bounds {
  readonly source: 'bans' | 'hours' | 'days'
}

/**
 * Splits a span into ranges that are exact together and need few rows: whole days, the whole hours beside them, and the
 * rest of an hour at either end, which is counted ban by ban. `coarsest`: `hours` for time buckets shorter than a day.
 */
export function rollUpRangesOf({ from, to }: Bounds, coarsest: 'hours' | 'days' = 'days'): RollUpRange[] {
  const [firstHour, lastHour] = [ceil(from, HOUR_MS), floor(to, HOUR_MS)]
  if (firstHour > lastHour) return [{ source: 'bans', from, to }]
  const hours = coarsest === 'days' ? splitHours(firstHour, lastHour) : []
  const ranges: RollUpRange[] = [
    { source: 'bans', from, to: firstHour },
    ...(hours.length > 0 ? hours : [{ source: 'hours', from: firstHour, to: lastHour } as const]),
    { source: 'bans', from: lastHour, to },
  ]
  return ranges.filter((range) => range.from < range.to)
}

function splitHours(from: number, to: number): RollUpRange[] {
  const [firstDay, lastDay] = [ceil(from, DAY_MS), floor(to, DAY_MS)]
  if (firstDay >= lastDay) return []
  return [
    { source: 'hours', from, to: firstDay },
    { source: 'days', from: firstDay, to: lastDay },
    { source: 'hours', from: lastDay, to },
  ]
}

export const floor = (time: number, unit: number): number => Math.floor(time / unit) * unit
export const ceil = (time: number, unit: number): number => Math.ceil(time / unit) * unit
