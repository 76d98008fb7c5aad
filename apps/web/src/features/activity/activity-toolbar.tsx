import type { JSX } from 'solid-js'
import { useQuery } from '../../api/use-query.ts'
import { useStatsApi } from '../../api/stats-api.ts'
import { countryName } from '../../lib/country.ts'
import { useLive } from '../../live/live-store.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Select } from '../../ui/select.tsx'
import { type StatsQuery, statsQueries } from '../../stats/queries.ts'
import styles from './activity-page.module.css'
import type { ActivityParams, ActivityView } from './activity-view.ts'

export type ActivityToolbarProps = {
  view: ActivityView
  query: StatsQuery
  onChange: (change: ActivityParams) => void
}

/** The filters of the history and the feed. */
export function ActivityToolbar(props: ActivityToolbarProps): JSX.Element {
  const live = useLive()
  const api = useStatsApi()
  const countries = useQuery(() => statsQueries.top(api, 'byCountry', { ...props.query, limit: 500 }))
  const jailOptions = () => {
    const names = new Set([...(live.jails ?? []).map(({ name }) => name), props.view.jail])
    return [...names].filter(Boolean).map((name) => ({ value: name, label: name }))
  }
  const countryOptions = () => {
    const codes = new Set([...(countries.data ?? []).map(({ key }) => key), props.view.country])
    return [...codes]
      .filter(Boolean)
      .map((code) => ({ value: code, label: countryName(code) }))
      .toSorted((one, other) => one.label.localeCompare(other.label))
  }
  return (
    <div class={styles['toolbar']} role="search">
      <div class={styles['search']}>
        <SearchField
          label="Search the history"
          placeholder="Address, network or country"
          value={props.view.search}
          onSearch={(search) => props.onChange({ search })}
        />
      </div>
      <div class={styles['choice']}>
        <Select
          label="Jail"
          hideLabel
          value={props.view.jail}
          options={[{ value: '', label: 'All jails' }, ...jailOptions()]}
          onChange={(jail) => props.onChange({ jail })}
        />
      </div>
      <div class={styles['choice']}>
        <Select
          label="Country"
          hideLabel
          value={props.view.country}
          options={[{ value: '', label: 'All countries' }, ...countryOptions()]}
          onChange={(country) => props.onChange({ country })}
        />
      </div>
    </div>
  )
}
