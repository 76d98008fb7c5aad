import type { Bounds } from '@bangui/shared'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR

/** A part of a span, and where it is counted: in roll-ups, which are whole hours or days, or ban by ban. */
export interface Piece extends Bounds {
  readonly source: 'bans' | 'hours' | 'days'
}

/**
 * Splits a span so that few rows answer it exactly: whole days, whole hours beside them, and what is left of an hour at
 * either end. `coarsest`: no days, for points that are shorter.
 */
export function piecesOf({ from, to }: Bounds, coarsest: 'hours' | 'days' = 'days'): Piece[] {
  const [firstHour, lastHour] = [ceil(from, HOUR), floor(to, HOUR)]
  if (firstHour > lastHour) return [{ source: 'bans', from, to }]
  const hours = coarsest === 'days' ? splitHours(firstHour, lastHour) : []
  const pieces: Piece[] = [
    { source: 'bans', from, to: firstHour },
    ...(hours.length > 0 ? hours : [{ source: 'hours', from: firstHour, to: lastHour } as const]),
    { source: 'bans', from: lastHour, to },
  ]
  return pieces.filter((piece) => piece.from < piece.to)
}

function splitHours(from: number, to: number): Piece[] {
  const [firstDay, lastDay] = [ceil(from, DAY), floor(to, DAY)]
  if (firstDay >= lastDay) return []
  return [
    { source: 'hours', from, to: firstDay },
    { source: 'days', from: firstDay, to: lastDay },
    { source: 'hours', from: lastDay, to },
  ]
}

export const floor = (time: number, unit: number): number => Math.floor(time / unit) * unit
export const ceil = (time: number, unit: number): number => Math.ceil(time / unit) * unit
