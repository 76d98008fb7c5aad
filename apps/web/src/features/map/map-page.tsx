import { useSearchParams } from '@solidjs/router'
import { type JSX, Show } from 'solid-js'
import { QueryProvider } from '../../api/query-provider.tsx'
import { countryName } from '../../lib/country.ts'
import { Page } from '../../ui/page.tsx'
import { useLiveRefresh } from '../insight/live-refresh.ts'
import { MapViewCard } from '../insight/map-view-card.tsx'
import { historyQueries } from '../insight/queries.ts'
import { RangePicker } from '../insight/range-picker.tsx'
import { TopCard } from '../insight/top-card.tsx'
import { TrendCard } from '../insight/trend-card.tsx'
import { useRange } from '../insight/use-range.ts'
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
  const [params, setParams] = useSearchParams<{ country: string }>()
  const select = (country: string | undefined) => setParams({ country }, { scroll: false })
  const hrefOf = (code: string) => state.link(`/map?country=${encodeURIComponent(code)}`)
  useLiveRefresh(state, [historyQueries.lists])
  return (
    <Page
      title="Map"
      description="Where the banned addresses are, as far as is known."
      actions={<RangePicker state={state} withSource />}
    >
      <div class={styles['columns']}>
        <MapViewCard
          title="Bans by country"
          state={state}
          detail="fine"
          selected={params.country}
          onSelect={select}
        />
        <Show
          when={params.country}
          fallback={
            <TopCard
              title="Countries"
              verb="byCountry"
              state={state}
              limit={12}
              row={({ key, bans }) => ({ key, label: countryName(key), value: bans, href: hrefOf(key) })}
            />
          }
        >
          {(code) => <CountryPanel code={code()} state={state} onClose={() => select(undefined)} />}
        </Show>
      </div>
      <TrendCard state={state} height={140} />
    </Page>
  )
}
