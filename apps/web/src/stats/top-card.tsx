import { createMemo, For, type JSX, Match, Switch } from 'solid-js'
import { useQuery } from '../api/use-query.ts'
import { useStatsApi } from '../api/stats-api.ts'
import { BarList, type BarRow } from '../charts/bar-list.tsx'
import { createHeld } from '../lib/held.ts'
import { Card } from '../ui/card.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { QueryContent } from './query-content.tsx'
import { statsQueries, type TopStats } from './queries.ts'
import { inRange } from './range-text.ts'
import { unrecordedNote, useRecorded } from './recorded.ts'
import styles from './top-card.module.css'
import { QueryError, type QueryErrorProps } from './query-error.tsx'
import type { RangeState } from './use-range.ts'

export type TopCardProps<TVerb extends keyof TopStats> = {
  title: string
  verb: TVerb
  state: RangeState
  /** turns an entry into a row with its text and link */
  row: (entry: TopStats[TVerb][number]) => BarRow
  /** shown if the list is empty. @default no bans in the range */
  empty?: string
  /** @default 8 */
  limit?: number
}

/** A top list as bars; it does not change while somebody reads it. */
export function TopCard<TVerb extends keyof TopStats>(props: TopCardProps<TVerb>): JSX.Element {
  const api = useStatsApi()
  const recorded = useRecorded(() => props.state.query())
  const limit = () => props.limit ?? 8
  const query = useQuery(() => statsQueries.top(api, props.verb, { ...props.state.query(), limit: limit() }))
  // numbers by hour and day are kept for longer than individual bans
  const since = () => recorded()[isSummed(props.verb) ? 'bans' : 'singleBans']
  const rows = createMemo((): readonly BarRow[] | undefined =>
    query.data?.map((entry: TopStats[TVerb][number]) => props.row(entry)),
  )
  return (
    <BarCard
      title={props.title}
      description={rules[props.verb]}
      unit="bans"
      query={query}
      rows={rows()}
      about={props.state.query()}
      empty={`${props.empty ?? `No bans ${inRange(props.state.range())}.`}${unrecordedNote(since())}`}
      limit={limit()}
    />
  )
}

const isSummed = (verb: keyof TopStats) => verb === 'byJail' || verb === 'byCountry' || verb === 'byOrigin'

/** Explains who is in a list that not every address can be in. */
const rules: Partial<Record<keyof TopStats, string>> = {
  repeatOffenders: 'Banned three times or more.',
}

export type BarCardProps = {
  title: string
  description?: string | undefined
  /** the unit of the values: "bans" */
  unit: string
  query: QueryErrorProps['query'] & {
    readonly data: unknown
    readonly isError: boolean
    readonly isPlaceholderData: boolean
  }
  /** undefined: unknown yet */
  rows: readonly BarRow[] | undefined
  /** the input of the query: when it changes, the rows change even while somebody reads them */
  about: unknown
  /** shown if the list is empty */
  empty: string
  limit: number
}

/** The rows of a query as bars, which do not change while somebody reads them. */
export function BarCard(props: BarCardProps): JSX.Element {
  // a jail can have failures and no bans
  const rows = createMemo(() => props.rows?.filter(({ value }) => value > 0))
  const held = createHeld(rows, () => (props.query.isPlaceholderData ? undefined : props.about))
  const shown = () => held.value() ?? rows()
  return (
    <Card title={props.title} description={props.description} flush>
      {/* no higher than the lists beside it, whose title has nothing below it */}
      <Switch fallback={<Shape rows={props.description ? props.limit - 1 : props.limit} />}>
        <Match when={props.query.isError && !props.query.data}>
          <QueryError title="This list could not be loaded" query={props.query} />
        </Match>
        <Match when={shown()?.length === 0 && !props.query.isPlaceholderData}>
          <p class={styles['empty']}>{props.empty}</p>
        </Match>
        <Match when={shown()?.length ? shown() : undefined}>
          {(known) => (
            <QueryContent query={props.query}>
              <div {...held.handlers}>
                <BarList label={props.title} unit={props.unit} rows={known()} />
              </div>
            </QueryContent>
          )}
        </Match>
      </Switch>
    </Card>
  )
}

const Shape = (props: { rows: number }): JSX.Element => (
  <div class={styles['shape']} aria-busy="true">
    <For each={Array.from({ length: props.rows })}>
      {() => (
        <div class={styles['row']}>
          <Skeleton height="24px" />
        </div>
      )}
    </For>
  </div>
)
