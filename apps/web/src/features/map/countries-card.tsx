import type { CountryMeasure } from '@bangui/shared'
import { createMemo, type JSX } from 'solid-js'
import { useQuery } from '../../api/use-query.ts'
import { useStatsApi } from '../../api/stats-api.ts'
import { countryName } from '../../lib/country.ts'
import { describeMeasure } from '../../stats/country-measure.ts'
import { statsQueries } from '../../stats/queries.ts'
import { inRange } from '../../stats/range-text.ts'
import { unrecordedNote, useRecorded } from '../../stats/recorded.ts'
import { BarCard } from '../../stats/top-card.tsx'
import type { RangeState } from '../../stats/use-range.ts'

export type CountriesCardProps = {
  state: RangeState
  measure: CountryMeasure
  hrefOf: (code: string) => string
}

const MAX_SHOWN = 12

/** The countries with the highest values of the map's measure. */
export function CountriesCard(props: CountriesCardProps): JSX.Element {
  const api = useStatsApi()
  const recorded = useRecorded(() => props.state.query())
  const query = useQuery(() => statsQueries.countries(api, props.state.query(), props.measure))
  const since = () => recorded()[props.measure === 'bans' ? 'bans' : 'singleBans']
  const rows = createMemo(() =>
    query.data?.rows
      .slice(0, MAX_SHOWN)
      .map(({ code, value }) => ({ key: code, label: countryName(code), value, href: props.hrefOf(code) })),
  )
  return (
    <BarCard
      title="Countries"
      unit={describeMeasure(query.data?.measure ?? props.measure).unit}
      query={query}
      rows={rows()}
      about={`${props.measure} ${JSON.stringify(props.state.query())}`}
      empty={
        props.measure === 'active'
          ? 'Nobody is banned now.'
          : `No bans ${inRange(props.state.range())}.${unrecordedNote(since())}`
      }
      limit={MAX_SHOWN}
    />
  )
}
