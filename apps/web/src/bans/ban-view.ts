import type { Ban, Origin } from '@bangui/shared'
import { withCountryCodes } from '../lib/country-search.ts'
import type { Sort } from '../ui/sort-rows.ts'

/** Rows of one request. */
export const PAGE_SIZE = 100

/** Which bans are shown, in which order; kept in the URL. */
export type BanView = { search: string; jail: string; origin?: Origin | undefined; sort: Sort }

/** Whether a view has every ban of its jail, or of all jails. */
export const isUnfiltered = ({ search, origin }: BanView): boolean =>
  search.trim() === '' && origin === undefined

/** The newest first. */
const usual: Sort = { key: 'since', descending: true }

const columns = ['address', 'jail', 'country', 'since', 'until', 'duration', 'times']

/** Returns the order in the URL; newest first if it is invalid. */
export function readBanSort(text: unknown): Sort {
  const [, minus, key] = typeof text === 'string' ? (/^(-?)([a-z]+)$/.exec(text) ?? []) : []
  return key !== undefined && columns.includes(key) ? { key, descending: minus === '-' } : usual
}

const textOf = (sort: Sort) => `${sort.descending ? '-' : ''}${sort.key}`

/** Returns an order for the URL; undefined: the default. */
export const writeBanSort = (sort: Sort): string | undefined =>
  textOf(sort) === textOf(usual) ? undefined : textOf(sort)

/** Returns the order after a click on a column: reversed, or the natural one of a new column. */
export function nextSort(now: Sort, key: string): Sort {
  if (now.key === key) return { key, descending: !now.descending }
  return { key, descending: key === 'since' || key === 'times' || key === 'duration' }
}

/** Returns the input of the server's list. */
export const inputOf = (view: BanView) => ({
  sort: textOf(view.sort),
  ...(view.jail !== '' && { jail: view.jail }),
  ...(view.origin && { origin: view.origin }),
  ...(view.search.trim() !== '' && { search: withCountryCodes(view.search) }),
})

/** Returns a key that identifies an active ban. */
export const banKey = (ban: Pick<Ban, 'address' | 'jail'>): string => `${ban.jail} ${ban.address}`
