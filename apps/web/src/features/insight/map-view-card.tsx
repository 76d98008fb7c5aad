import { createMemo, ErrorBoundary, type JSX, lazy, Match, Suspense, Switch } from 'solid-js'
import { useQuery } from '../../api/use-query.ts'
import { useWatchingApi } from '../../api/watching-api.ts'
import { createSeen } from '../../lib/seen.ts'
import { Card } from '../../ui/card.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Answer } from './answer.tsx'
import { insightQueries } from './queries.ts'
import styles from './map-view-card.module.css'
import { inRange } from './range-text.ts'
import { Unread } from './unread.tsx'
import type { RangeState } from './use-range.ts'

const WorldMap = lazy(async () => ({ default: (await import('../../charts/world-map.tsx')).WorldMap }))

export type MapViewCardProps = {
  title: string
  state: RangeState
  detail: 'coarse' | 'fine'
  actions?: JSX.Element
  selected?: string | undefined
  onSelect: (code: string) => void
}

/** The world, shaded by the bans of the range; a small one is fetched once it is in sight. */
export function MapViewCard(props: MapViewCardProps): JSX.Element {
  const api = useWatchingApi()
  const { seen, watch } = createSeen()
  const isWanted = () => props.detail === 'fine' || seen()
  const query = useQuery(() => ({
    ...insightQueries.top(api, 'byCountry', { ...props.state.asked(), limit: 500 }),
    enabled: isWanted(),
  }))
  const rows = createMemo(() => query.data?.map(({ key, bans }) => ({ code: key, value: bans })))
  return (
    <Card title={props.title} actions={props.actions}>
      <div ref={watch}>
        <Switch fallback={<Shape isAwaited={isWanted()} />}>
          <Match when={query.isError && !query.data}>
            <Unread title="The countries could not be read" query={query} />
          </Match>
          <Match when={rows()}>
            {(known) => (
              <ErrorBoundary
                fallback={(_error, reset) => (
                  <ErrorState title="The map could not be drawn" onRetry={reset} />
                )}
              >
                <Suspense fallback={<Shape isAwaited />}>
                  <Answer query={query}>
                    <WorldMap
                      label={`Bans by country ${inRange(props.state.range())}`}
                      unit="bans"
                      rows={known()}
                      detail={props.detail}
                      selected={props.selected}
                      onSelect={props.onSelect}
                    />
                  </Answer>
                </Suspense>
              </ErrorBoundary>
            )}
          </Match>
        </Switch>
      </div>
    </Card>
  )
}

/** Nothing is on its way before somebody looks. */
const Shape = (props: { isAwaited: boolean }): JSX.Element => (
  <div class={styles['shape']} aria-busy={props.isAwaited ? 'true' : undefined}>
    <div class={styles['map']}>
      <Skeleton height="100%" />
    </div>
    <div class={styles['foot']}>
      <Skeleton width="160px" />
    </div>
  </div>
)
