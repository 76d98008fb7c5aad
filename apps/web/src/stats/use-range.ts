import type { Range, Source } from '@bangui/shared'
import { useSearchParams } from '@solidjs/router'
import { type Accessor, createMemo } from 'solid-js'
import { createDebounced } from '../lib/debounced.ts'
import { type RangeParams, readRange, readSource, untilNow, withRange, writeRange } from './range-text.ts'

/** The range of a page, kept in its URL. */
export type RangeState = {
  range: Accessor<Range>
  source: Accessor<Source>
  /** the range to query: the chosen one once it has not changed for 300 ms */
  query: Accessor<{ range: Range; source: Source }>
  setRange: (range: Range) => void
  setSource: (source: Source) => void
  /** returns a link that keeps the range and the source */
  link: (href: string) => string
}

/** Returns the range and source in the page's URL. */
export function useRange(): RangeState {
  const [params, setParams] = useSearchParams<RangeParams & Record<string, string>>()
  const chosen = createMemo(() => ({ range: readRange(params), source: readSource(params) }), undefined, {
    equals: (before, after) => JSON.stringify(before) === JSON.stringify(after),
  })
  const change = (next: RangeParams) => setParams(next, { scroll: false })
  return {
    range: () => chosen().range,
    source: () => chosen().source,
    query: createDebounced(chosen),
    setRange: (range) => change(writeRange(untilNow(range, Date.now()))),
    setSource: (source) => change({ source: source === 'live' ? source : undefined }),
    link: (href) => withRange(href, chosen().range, chosen().source),
  }
}
