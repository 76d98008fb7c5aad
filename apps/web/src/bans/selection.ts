import type { Ban } from '@bangui/shared'
import { banKey } from './ban-view.ts'

/** A selected ban, with what is needed to end it and to ban again. */
export type ChosenBan = Pick<Ban, 'address' | 'jail' | 'until'> &
  Partial<Pick<Ban, 'duration' | 'reason' | 'extension'>>

/** Returns what is kept of a selected ban: far less than its row. */
export const chosenOf = ({ address, jail, until, duration, reason, extension }: ChosenBan): ChosenBan => ({
  address,
  jail,
  until,
  ...(duration !== undefined && { duration }),
  ...(reason ? { reason } : {}),
  ...(extension && { extension }),
})

/** Returns bans with those in jail `bangui` that make them last longer. */
export const withExtensions = (bans: readonly ChosenBan[]): ChosenBan[] =>
  bans.flatMap((ban) => (ban.extension ? [ban, { address: ban.address, ...ban.extension }] : [ban]))

export type Selection = {
  /** all bans of the view are selected, also those never on screen, except those in `bans` */
  readonly everything: boolean
  /** the selected bans, or with `everything`, the bans that are not selected */
  readonly bans: ReadonlyMap<string, ChosenBan>
  /** the row that was clicked last: where a range begins */
  readonly anchor: number | undefined
}

export const noSelection: Selection = { everything: false, bans: new Map(), anchor: undefined }

export const everySelection: Selection = { ...noSelection, everything: true }

export const isChosen = (selection: Selection, ban: Pick<Ban, 'address' | 'jail'>): boolean =>
  selection.everything !== selection.bans.has(banKey(ban))

/** Returns how many of `total` bans are selected. */
export const countChosen = (selection: Selection, total: number): number =>
  selection.everything ? Math.max(0, total - selection.bans.size) : selection.bans.size

/** Returns the rows between two, both included, without those that are not loaded. */
export function rowsBetween(
  anchor: number,
  index: number,
  rowAt: (index: number) => ChosenBan | undefined,
): ChosenBan[] {
  const first = Math.min(anchor, index)
  const length = Math.abs(anchor - index) + 1
  return Array.from({ length }, (_, step) => rowAt(first + step)).filter((row) => row !== undefined)
}

/** Selects or deselects rows; `index` is the row that was clicked. */
export function choose(
  selection: Selection,
  rows: readonly ChosenBan[],
  { chosen, index }: { chosen: boolean; index?: number },
): Selection {
  const bans = new Map(selection.bans)
  for (const row of rows) {
    if (chosen === selection.everything) bans.delete(banKey(row))
    else bans.set(banKey(row), chosenOf(row))
  }
  return { ...selection, bans, anchor: index ?? selection.anchor }
}

/** Groups bans by jail, in their order. */
export function byJail<TBan extends { jail: string }>(bans: Iterable<TBan>): Map<string, TBan[]> {
  const jails = new Map<string, TBan[]>()
  for (const ban of bans) {
    const group = jails.get(ban.jail)
    if (group) group.push(ban)
    else jails.set(ban.jail, [ban])
  }
  return jails
}
