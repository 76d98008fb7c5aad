import type { ActivityCounts, ActivityKind, Origin } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { useQuery } from '../../api/use-query.ts'
import { useStatsApi } from '../../api/stats-api.ts'
import { countryName } from '../../lib/country.ts'
import { formatNumber } from '../../lib/format.ts'
import { useLive } from '../../live/live-store.tsx'
import { OriginSelect } from '../../stats/origin-select.tsx'
import { type StatsQuery, statsQueries } from '../../stats/queries.ts'
import { Button } from '../../ui/button.tsx'
import { ExportLinks } from '../../ui/export-links.tsx'
import { FilterChips } from '../../ui/filter-chips.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Select } from '../../ui/select.tsx'
import styles from './activity-page.module.css'
import { type ActivityParams, type ActivityView, kindWords } from './activity-view.ts'

export type ActivityToolbarProps = {
  view: ActivityView
  query: StatsQuery
  /** how many entries of each kind there are; undefined: not known yet, or fail2ban's database has only bans */
  counts?: ActivityCounts | undefined
  onChange: (change: ActivityParams) => void
  /** the input of the file with the same list; undefined: there is none */
  exported?: object | undefined
  /** removes all filters; undefined: there are none */
  onClear?: (() => void) | undefined
}

const kinds = Object.keys(kindWords) as ActivityKind[]

/** A number below which entries are counted one by one; see the server's. */
const atMost = { ban: '10,000+', change: '1,000+' } as const

/** The filters of the activity. */
export function ActivityToolbar(props: ActivityToolbarProps): JSX.Element {
  const isArchive = () => props.query.source === 'archive'
  const countOf = (kind: ActivityKind) => {
    const count = props.counts?.counts[kind]
    if (count === null) return kind === 'ban' || kind === 'change' ? atMost[kind] : undefined
    return count === undefined ? undefined : formatNumber(count)
  }
  return (
    <div class={styles['toolbar']} role="search">
      <Show when={isArchive()}>
        <FilterChips
          label="Kinds"
          chips={kinds.map((value) => ({ value, label: kindWords[value], count: countOf(value) }))}
          chosen={props.view.kinds}
          onChange={(chosen) => props.onChange({ type: chosen.join(','), first: '' })}
        />
      </Show>
      <div class={styles['fields']}>
        <div class={styles['search']}>
          <SearchField
            label="Search the activity"
            placeholder="Address, network or country"
            value={props.view.search}
            onSearch={(search) => props.onChange({ search })}
          />
        </div>
        <Choices {...props} />
        <Show when={props.view.first}>
          <Button size="sm" onClick={() => props.onChange({ first: '' })}>
            New addresses only ×
          </Button>
        </Show>
        <Show when={props.exported}>{(input) => <ExportLinks list="history" input={input()} />}</Show>
        <Show when={props.onClear}>
          {(clear) => (
            <Button variant="ghost" onClick={() => clear()()}>
              Clear filters
            </Button>
          )}
        </Show>
      </div>
    </div>
  )
}

function Choices(props: ActivityToolbarProps): JSX.Element {
  const live = useLive()
  const api = useStatsApi()
  const countries = useQuery(() => statsQueries.top(api, 'byCountry', { ...props.query, limit: 500 }))
  const jails = useQuery(() => statsQueries.top(api, 'byJail', { ...props.query, limit: 500 }))
  const withCount = (label: string, bans: number | undefined) =>
    bans ? `${label} (${formatNumber(bans)} ${bans === 1 ? 'ban' : 'bans'})` : label
  const jailOptions = () => {
    const bans = new Map((jails.data ?? []).map((each) => [each.key, each.bans]))
    const names = new Set([...bans.keys(), ...(live.jails ?? []).map(({ name }) => name), props.view.jail])
    return [...names].filter(Boolean).map((name) => ({ value: name, label: withCount(name, bans.get(name)) }))
  }
  const countryOptions = () => {
    const bans = new Map((countries.data ?? []).map((each) => [each.key, each.bans]))
    const codes = new Set([...bans.keys(), props.view.country])
    return [...codes]
      .filter(Boolean)
      .map((code) => ({ value: code, label: withCount(countryName(code), bans.get(code)) }))
      .toSorted((one, other) => one.label.localeCompare(other.label))
  }
  return (
    <>
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
      <Show when={props.query.source === 'archive'}>
        <div class={styles['choice']}>
          <OriginSelect
            label="Who"
            all="By anybody"
            value={props.query.origin}
            onChange={(origin: Origin | undefined) => props.onChange({ origin: origin ?? '' })}
          />
        </div>
      </Show>
    </>
  )
}
