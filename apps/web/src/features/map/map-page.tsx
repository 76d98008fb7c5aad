import { useSearchParams } from '@solidjs/router'
import { type JSX, Show } from 'solid-js'
import { QueryProvider } from '../../api/query-provider.tsx'
import { Page } from '../../ui/page.tsx'
import { readMeasure, writeMeasure } from '../../stats/country-measure.ts'
import { useLiveRefresh } from '../../stats/live-refresh.ts'
import { MapViewCard } from '../../stats/map-view-card.tsx'
import { RangePicker } from '../../stats/range-picker.tsx'
import { RecordedNote } from '../../stats/recorded-note.tsx'
import { TrendCard } from '../../stats/trend-card.tsx'
import { useRange } from '../../stats/use-range.ts'
import { CountriesCard } from './countries-card.tsx'
import { countryQueries } from './country-bans.ts'
import { CountryPanel } from './country-panel.tsx'
import styles from './map-page.module.css'

/** Where bans come from. */
export function MapPage(): JSX.Element {
  return (
    <QueryProvider>
      <World />
    </QueryProvider>
  )
}

function World(): JSX.Element {
  const state = useRange()
  const [params, setParams] = useSearchParams<{ country: string; measure: string }>()
  const measure = () => readMeasure(params.measure)
  const select = (country: string | undefined) => setParams({ country }, { scroll: false })
  const hrefOf = (code: string) => {
    const chosen = writeMeasure(measure())
    return state.link(`/map?country=${encodeURIComponent(code)}${chosen ? `&measure=${chosen}` : ''}`)
  }
  useLiveRefresh(state, [countryQueries.all])
  return (
    <Page
      title="Map"
      description="Where banned addresses come from."
      actions={<RangePicker state={state} withSource />}
    >
      <RecordedNote state={state} />
      <div class={styles['columns']}>
        <MapViewCard
          state={state}
          detail="fine"
          measure={measure()}
          onMeasure={(next) => setParams({ measure: writeMeasure(next) }, { scroll: false })}
          selected={params.country}
          onSelect={select}
        />
        <div class={styles['side']}>
          <Show
            when={params.country}
            fallback={<CountriesCard state={state} measure={measure()} hrefOf={hrefOf} />}
          >
            {(code) => (
              <CountryPanel
                code={code()}
                measure={measure()}
                state={state}
                onClose={() => select(undefined)}
              />
            )}
          </Show>
        </div>
      </div>
      <TrendCard state={state} height={140} name="trend" />
    </Page>
  )
}
