import type { Jail } from '@bangui/shared'
import { needsAttention } from '../../lib/jail-state.ts'
import type { Sort } from '../../ui/sort-rows.ts'

export type JailListFilter = 'all' | 'running' | 'off' | 'attention'

export type JailView = { filter: JailListFilter; search: string; online: boolean }

const filters: readonly JailListFilter[] = ['all', 'running', 'off', 'attention']

/** Returns the filter in the URL; all jails if it is invalid. */
export const readFilter = (text: unknown): JailListFilter =>
  filters.find((filter) => filter === text) ?? 'all'

/** Returns the order in the URL: a column, with a minus for descending. */
export function readSort(text: unknown): Sort {
  const found = typeof text === 'string' ? /^(-?)(\w+)$/.exec(text) : null
  return { key: found?.[2] ?? 'name', descending: found?.[1] === '-' }
}

export const writeSort = (sort: Sort): string | undefined =>
  sort.key === 'name' && !sort.descending ? undefined : `${sort.descending ? '-' : ''}${sort.key}`

const passes: Record<JailListFilter, (jail: Jail, online: boolean) => boolean> = {
  all: () => true,
  running: (jail) => jail.running && !jail.idle,
  off: (jail) => !jail.enabled && !jail.running,
  attention: needsAttention,
}

/** Returns the jails that pass a filter. */
export const filterJails = (
  jails: readonly Jail[],
  filter: JailListFilter,
  online: boolean,
): readonly Jail[] => jails.filter((jail) => passes[filter](jail, online))

/** Returns the jails that pass the filter and whose name, filter or log contains the search text. */
export function selectJails(jails: readonly Jail[], view: JailView): readonly Jail[] {
  const wanted = view.search.trim().toLowerCase()
  return filterJails(jails, view.filter, view.online).filter((jail) =>
    [jail.name, jail.filter ?? '', ...jail.logPaths].some((text) => text.toLowerCase().includes(wanted)),
  )
}
