import type { CountryMeasure } from '@bangui/shared'
import { ErrorBoundary, type JSX, lazy, Match, Show, Suspense, Switch } from 'solid-js'
import { useQuery } from '../api/use-query.ts'
import { useStatsApi } from '../api/stats-api.ts'
import { defineLazyModule } from '../lib/lazy-module.ts'
import { createInView } from '../lib/in-view.ts'
import { Card } from '../ui/card.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { SegmentedControl } from '../ui/segmented-control.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { QueryContent } from './query-content.tsx'
import { describeMeasure, measureSegments, nameOfMap } from './country-measure.ts'
import { statsQueries } from './queries.ts'
import styles from './map-view-card.module.css'
import { QueryError } from './query-error.tsx'
import type { RangeState } from './use-range.ts'

const mapModule = defineLazyModule(() => import('../charts/world-map.tsx'))
const WorldMap = lazy(async () => ({ default: (await mapModule.load()).WorldMap }))

export type MapViewCardProps = {
  /** @default the measure */
  title?: string
  state: RangeState
  detail: 'coarse' | 'fine'
  /** @default 'bans' */
  measure?: CountryMeasure
  /** lets the reader choose the measure */
  onMeasure?: (measure: CountryMeasure) => void
  actions?: JSX.Element
  selected?: string | undefined
  onSelect: (code: string) => void
}

/** The world, shaded by the bans of the range or another measure; a small map is fetched once it is in view. */
export function MapViewCard(props: MapViewCardProps): JSX.Element {
  const api = useStatsApi()
  const { seen, watch } = createInView()
  const isWanted = () => props.detail === 'fine' || seen()
  const measure = () => props.measure ?? 'bans'
  const query = useQuery(() => ({
    ...statsQueries.countries(api, props.state.query(), measure()),
    enabled: isWanted(),
  }))
  return (
    <Card
      title={props.title ?? describeMeasure(measure()).title}
      description={props.onMeasure && describeMeasure(measure()).about(props.state.range())}
      actions={
        <>
          <Show when={props.onMeasure}>
            {(onMeasure) => (
              <SegmentedControl
                label="Measure by country"
                value={measure()}
                segments={measureSegments}
                onChange={(next) => onMeasure()(next)}
              />
            )}
          </Show>
          {props.actions}
        </>
      }
    >
      <div ref={watch}>
        <Switch fallback={<Shape isAwaited={isWanted()} />}>
          <Match when={query.isError && !query.data}>
            <QueryError title="The countries could not be loaded" query={query} />
          </Match>
          <Match when={query.data}>
            {(known) => (
              <ErrorBoundary
                fallback={(_error, reset) => (
                  <ErrorState title="The map could not be drawn" onRetry={reset} />
                )}
              >
                <Suspense fallback={<Shape isAwaited />}>
                  <QueryContent query={query}>
                    <WorldMap
                      label={nameOfMap(known().measure, props.state.range())}
                      unit={describeMeasure(known().measure).unit}
                      rows={known().rows}
                      detail={props.detail}
                      selected={props.selected}
                      onSelect={props.onSelect}
                    />
                  </QueryContent>
                </Suspense>
              </ErrorBoundary>
            )}
          </Match>
        </Switch>
      </div>
    </Card>
  )
}

/** Stands for the query until the map is in view. */
const Shape = (props: { isAwaited: boolean }): JSX.Element => (
  <div class={styles['shape']} aria-busy={props.isAwaited ? 'true' : undefined}>
    <div class={styles['row']}>
      <Skeleton width="min(240px, 100%)" />
    </div>
    <div class={styles['map']}>
      <Skeleton height="100%" />
    </div>
    <div class={styles['row']} />
  </div>
)
