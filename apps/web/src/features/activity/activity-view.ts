import type { HistoryFilter, Range, Source } from '@bangui/shared'
import { withCountryCodes } from '../../lib/country-search.ts'
import { spanOf } from '../../stats/range-text.ts'
import { type EventKind, eventKinds } from './event-words.ts'

/** What the page's address may say besides the range. */
export type ActivityParams = {
  jail?: string | undefined
  country?: string | undefined
  search?: string | undefined
  type?: string | undefined
  /** the rows that are open */
  open?: string | undefined
}

export type ActivityView = { jail: string; country: string; search: string; kind: EventKind | undefined }

/** What is shown, as the address says; texts are kept to the lengths that the server takes. */
export function readView(params: ActivityParams): ActivityView {
  return {
    jail: (params.jail ?? '').slice(0, 255),
    country: (params.country ?? '').slice(0, 2),
    search: (params.search ?? '').slice(0, 200),
    kind: eventKinds.find((kind) => kind === params.type),
  }
}

/** What to ask the history for. */
export function historyFilter(
  view: Omit<ActivityView, 'kind'>,
  asked: { range: Range; source: Source },
  now: number,
): HistoryFilter {
  const search = withCountryCodes(view.search)
  return {
    source: asked.source,
    ...spanOf(asked.range, now),
    ...(view.jail && { jail: view.jail }),
    ...(view.country && { country: view.country }),
    ...(search && { search }),
  }
}

/** The most rows that a page's address keeps open. */
const MAX_OPEN_ROWS = 20

/** The rows that are open, as the address says. */
export const readOpen = ({ open }: Pick<ActivityParams, 'open'>): readonly string[] =>
  (open ?? '').split(',', MAX_OPEN_ROWS).filter((key) => key !== '')

/** The same with a row opened or closed; the one that was opened first makes room. */
export function toggleOpen(open: readonly string[], key: string): string {
  const next = open.includes(key) ? open.filter((each) => each !== key) : [...open, key]
  return next.slice(-MAX_OPEN_ROWS).join(',')
}
