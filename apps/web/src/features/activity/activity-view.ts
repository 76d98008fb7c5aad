import type { ActivityFilter, ActivityKind, HistoryFilter } from '@bangui/shared'

/** The kinds of entries, as the chips show them. */
export const kindWords: Readonly<Record<ActivityKind, string>> = {
  ban: 'Bans',
  unban: 'Unbans',
  failure: 'Failures',
  ignored: 'Ignored failures',
  system: 'Jails and fail2ban',
  change: 'Changes',
}

const kinds = Object.keys(kindWords) as ActivityKind[]

/** The URL parameters of the page besides the range. */
export type ActivityParams = {
  jail?: string | undefined
  country?: string | undefined
  search?: string | undefined
  /** kinds with commas between them */
  type?: string | undefined
  origin?: string | undefined
  /** `1`: only the first ban of each address */
  first?: string | undefined
  /** the open rows */
  open?: string | undefined
}

export type ActivityView = {
  jail: string
  country: string
  search: string
  /** none: all */
  kinds: readonly ActivityKind[]
  first: boolean
}

/** Returns what the URL says to show; texts are cut to the lengths that the server accepts. */
export function readView(params: ActivityParams): ActivityView {
  const types = (params.type ?? '').split(',')
  return {
    jail: (params.jail ?? '').slice(0, 255),
    country: (params.country ?? '').slice(0, 2),
    search: (params.search ?? '').slice(0, 200),
    kinds: kinds.filter((kind) => types.includes(kind)),
    first: params.first === '1',
  }
}

/** Returns the filter of the activity's query from that of the history. */
export function activityFilter(
  view: Pick<ActivityView, 'kinds' | 'first'>,
  { source: _source, ...rest }: HistoryFilter,
): ActivityFilter {
  return {
    ...rest,
    ...(view.kinds.length > 0 && { kinds: [...view.kinds] }),
    ...(view.first && { first: true, kinds: ['ban'] }),
  }
}

/** How many open rows the page's URL keeps. */
const MAX_OPEN_ROWS = 20

/** Returns the open rows in the URL. */
export const readOpen = ({ open }: Pick<ActivityParams, 'open'>): readonly string[] =>
  (open ?? '').split(',', MAX_OPEN_ROWS).filter((key) => key !== '')

/** Returns them with one row opened or closed; the row that was opened first makes room. */
export function toggleOpen(open: readonly string[], key: string): string {
  const next = open.includes(key) ? open.filter((each) => each !== key) : [...open, key]
  return next.slice(-MAX_OPEN_ROWS).join(',')
}
