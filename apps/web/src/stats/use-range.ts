import type { Origin, Range, Source } from '@bangui/shared'
import { useSearchParams } from '@solidjs/router'
import { type Accessor, createMemo } from 'solid-js'
import { createDebounced } from '../lib/debounced.ts'
import { readOrigin } from './origin-words.ts'
import { type RangeParams, readRange, readSource, untilNow, withRange, writeRange } from './range-text.ts'

/** The range of a page, kept in its URL. */
export type RangeState = {
  range: Accessor<Range>
  source: Accessor<Source>
  /** whose bans; undefined: everybody's */
  origin: Accessor<Origin | undefined>
  /** the range to query: the chosen one once it has not changed for 300 ms */
  query: Accessor<{ range: Range; source: Source; origin?: Origin }>
  setRange: (range: Range) => void
  setSource: (source: Source) => void
  setOrigin: (origin: Origin | undefined) => void
  /** returns a link that keeps the range, the source and the origin */
  link: (href: string) => string
}

/** Returns the range, source and origin in the page's URL. */
export function useRange(): RangeState {
  const [params, setParams] = useSearchParams<RangeParams & Record<string, string>>()
  const chosen = createMemo(() => readChosen(params), undefined, {
    equals: (before, after) => JSON.stringify(before) === JSON.stringify(after),
  })
  const change = (next: RangeParams) => setParams(next, { scroll: false })
  return {
    range: () => chosen().range,
    source: () => chosen().source,
    origin: () => chosen().origin,
    query: createDebounced(chosen),
    setRange: (range) => change(writeRange(untilNow(range, Date.now()))),
    setSource: (source) => change(source === 'live' ? { source, origin: undefined } : { source: undefined }),
    setOrigin: (origin) => change({ origin }),
    link: (href) => withRange(href, chosen().range, chosen()),
  }
}

/** fail2ban's own database does not say who banned. */
function readChosen(params: RangeParams): ReturnType<RangeState['query']> {
  const source = readSource(params)
  const origin = source === 'live' ? undefined : readOrigin(params.origin)
  return { range: readRange(params), source, ...(origin && { origin }) }
}
