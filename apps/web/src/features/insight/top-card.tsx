import { createMemo, For, type JSX, Match, Switch } from 'solid-js'
import { useQuery } from '../../api/use-query.ts'
import { useWatchingApi } from '../../api/watching-api.ts'
import { BarList, type BarRow } from '../../charts/bar-list.tsx'
import { createHeld } from '../../lib/held.ts'
import { Card } from '../../ui/card.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Answer } from './answer.tsx'
import { insightQueries, type TopFigures } from './queries.ts'
import { inRange } from './range-text.ts'
import styles from './top-card.module.css'
import { Unread } from './unread.tsx'
import type { RangeState } from './use-range.ts'

export type TopCardProps<TVerb extends keyof TopFigures> = {
  title: string
  verb: TVerb
  state: RangeState
  /** a figure as a row with its words and its link */
  row: (figure: TopFigures[TVerb][number]) => BarRow
  /** what stands there when there is nothing. @default no bans in the range */
  empty?: string
  /** @default 8 */
  limit?: number
}

/** A list of the most, as bars; it rests while one reads. */
export function TopCard<TVerb extends keyof TopFigures>(props: TopCardProps<TVerb>): JSX.Element {
  const api = useWatchingApi()
  const limit = () => props.limit ?? 8
  const query = useQuery(() =>
    insightQueries.top(api, props.verb, { ...props.state.asked(), limit: limit() }),
  )
  const rows = createMemo((): readonly BarRow[] | undefined =>
    // a jail may have failures and no bans
    query.data
      ?.map((figure: TopFigures[TVerb][number]) => props.row(figure))
      .filter(({ value }) => value > 0),
  )
  // the answer to another question is not held back
  const held = createHeld(rows, () => (query.isPlaceholderData ? undefined : props.state.asked()))
  const shown = () => held.value() ?? rows()
  return (
    <Card title={props.title} flush>
      <Switch fallback={<Shape rows={limit()} />}>
        <Match when={query.isError && !query.data}>
          <Unread title="This list could not be read" query={query} />
        </Match>
        <Match when={shown()?.length === 0 && !query.isPlaceholderData}>
          <p class={styles['empty']}>{props.empty ?? `No bans ${inRange(props.state.range())}.`}</p>
        </Match>
        <Match when={shown()?.length ? shown() : undefined}>
          {(known) => (
            <Answer query={query}>
              <div {...held.handlers}>
                <BarList label={props.title} unit="bans" rows={known()} />
              </div>
            </Answer>
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
