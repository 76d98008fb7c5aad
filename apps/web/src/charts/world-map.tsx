import { createMemo, createSignal, type JSX, Match, Show, Switch } from 'solid-js'
import { useQuery } from '../api/use-query.ts'
import { countryName } from '../lib/country.ts'
import { formatCount } from '../lib/format-counts.ts'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { CountryTable } from './country-table.tsx'
import type { CountryValue } from './country-value.ts'
import { MapControls } from './map-controls.tsx'
import { MapLegend } from './map-legend.tsx'
import { MapStage } from './map-stage.tsx'
import { type MapView, wholeMap } from './map-view.ts'
import styles from './world-map.module.css'
import { type Detail, loadWorld } from './world-shapes.ts'

export type WorldMapProps = {
  /** the content, such as "Bans by country" */
  label: string
  /** what is counted: "bans" */
  unit: string
  rows: readonly CountryValue[]
  /** @default 'fine' */
  detail?: Detail
  /** a country whose bans are shown elsewhere on the page */
  selected?: string | undefined
  onSelect?: (code: string) => void
}

/** The world, shaded by a value per country: drag, zoom, keyboard, and a table of the same data. */
export function WorldMap(props: WorldMapProps): JSX.Element {
  const [asTable, setAsTable] = createSignal(false)
  const [view, setView] = createSignal<MapView>(wholeMap)
  const world = useQuery(() => ({
    queryKey: ['world-shapes', props.detail ?? 'fine'],
    queryFn: () => loadWorld(props.detail ?? 'fine'),
    staleTime: Number.POSITIVE_INFINITY,
  }))
  const values = createMemo(() => new Map(props.rows.map(({ code, value }) => [code, value])))
  const most = () => Math.max(0, ...props.rows.filter(({ code }) => code !== '??').map(({ value }) => value))
  const missing = createMemo(() => {
    const shown = new Set(world.data?.shapes.map(({ code }) => code))
    return props.rows.filter(({ code }) => !shown.has(code))
  })

  return (
    <figure class={styles['figure']} aria-label={props.label}>
      {/* what changes is below this button: it stays under the pointer */}
      <div class={styles['top']}>
        <Show when={!asTable()}>
          <MapLegend unit={props.unit} most={most()} />
        </Show>
        <Button variant="ghost" size="sm" aria-pressed={asTable()} onClick={() => setAsTable(!asTable())}>
          Table
        </Button>
      </div>
      <Show when={!asTable()} fallback={<CountryTable {...props} />}>
        <Switch>
          <Match when={world.data}>
            {(drawn) => (
              <MapStage
                {...props}
                world={drawn()}
                values={values()}
                most={most()}
                view={view()}
                setView={setView}
              />
            )}
          </Match>
          <Match when={world.isError}>
            <ErrorState
              title="The map could not be loaded"
              why="The table has the same numbers."
              onRetry={() => void world.refetch()}
              retrying={world.isFetching}
            />
          </Match>
          <Match when={world.isPending}>
            <div class={styles['shape']} aria-busy="true">
              <Skeleton height="100%" />
            </div>
          </Match>
        </Switch>
        <div class={styles['foot']}>
          <Show when={world.data && missing().length > 0}>
            <span class={styles['missing']}>{describeMissing(missing(), props.unit)}</span>
          </Show>
          <MapControls view={view()} setView={setView} />
        </div>
      </Show>
    </figure>
  )
}

/** Counts of places that the map has no shape for. */
function describeMissing(rows: readonly CountryValue[], unit: string): string {
  const sum = rows.reduce((all, { value }) => all + value, 0)
  const names = new Set(rows.map(({ code }) => countryName(code)))
  const [name = UNKNOWN] = names
  const one = name === UNKNOWN ? 'unknown places' : name
  return `${formatCount(sum, unit)} not on the map (${names.size > 1 ? `${rows.length} places` : one})`
}

/** The name of countries without a name. */
const UNKNOWN = countryName(undefined)
