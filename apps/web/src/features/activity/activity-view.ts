import { type EventKind, eventKinds } from '../../feed/event-words.ts'

/** The URL parameters of the page besides the range. */
export type ActivityParams = {
  jail?: string | undefined
  country?: string | undefined
  search?: string | undefined
  type?: string | undefined
  origin?: string | undefined
  /** the open rows */
  open?: string | undefined
}

export type ActivityView = { jail: string; country: string; search: string; kind: EventKind | undefined }

/** Returns what the URL says to show; texts are cut to the lengths that the server accepts. */
export function readView(params: ActivityParams): ActivityView {
  return {
    jail: (params.jail ?? '').slice(0, 255),
    country: (params.country ?? '').slice(0, 2),
    search: (params.search ?? '').slice(0, 200),
    kind: eventKinds.find((kind) => kind === params.type),
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
