import { type CountryMeasure, showHidden } from '@bangui/shared'
import X from 'lucide-solid/icons/x'
import { createMemo, For, type JSX, Match, onMount, Show, Switch } from 'solid-js'
import { describeError } from '../../api/errors.ts'
import { useInfiniteQuery, useQuery } from '../../api/use-query.ts'
import { useStatsApi } from '../../api/stats-api.ts'
import { countryName } from '../../lib/country.ts'
import { createHeld } from '../../lib/held.ts'
import { Card } from '../../ui/card.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Link } from '../../ui/link.tsx'
import { MoreBar } from '../../ui/more-bar.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { historyFilter } from '../../stats/history-filter.ts'
import { AddressLink } from '../../bans/address-link.tsx'
import { describeCountry } from '../../stats/country-measure.ts'
import { statsQueries } from '../../stats/queries.ts'
import { unrecordedNote, useRecorded } from '../../stats/recorded.ts'
import type { RangeState } from '../../stats/use-range.ts'
import { type CountryBan, countryQueries } from './country-bans.ts'
import styles from './map-page.module.css'

export type CountryPanelProps = {
  /** two letters, or `??` */
  code: string
  measure: CountryMeasure
  state: RangeState
  onClose: () => void
}

/** The bans of one country, beside the map: those of the range, or the active ones. */
export function CountryPanel(props: CountryPanelProps): JSX.Element {
  const api = useStatsApi()
  const filter = createMemo(() =>
    historyFilter({ jail: '', search: '', country: props.code.slice(0, 2) }, props.state.query(), Date.now()),
  )
  const isNow = () => props.measure === 'active'
  const query = useInfiniteQuery(() =>
    countryQueries.bans(api, props.code, { measure: props.measure, filter: filter() }),
  )
  const totals = useQuery(() => statsQueries.countries(api, props.state.query(), props.measure))
  const about = () => {
    const known = totals.isPlaceholderData ? undefined : totals.data
    const value = known?.rows.find(({ code }) => code === props.code)?.value
    return describeCountry({ ...props, range: props.state.range(), value: known && (value ?? 0) })
  }
  const recorded = useRecorded(() => props.state.query())
  const rows = createMemo(() => query.data?.pages.flatMap((page) => page.rows))
  const held = createHeld(rows, () => (query.isPlaceholderData ? undefined : isNow() || filter()))
  let close: HTMLElement | undefined
  onMount(() => close?.scrollIntoView?.({ block: 'nearest' }))

  return (
    <Card
      title={countryName(props.code)}
      description={about()}
      flush
      actions={
        <span ref={(element) => (close = element)}>
          <IconButton size="sm" label="Show all countries" icon={<X />} onClick={() => props.onClose()} />
        </span>
      }
    >
      <CountryBans
        country={countryName(props.code)}
        query={query}
        rows={rows()}
        shown={held.value() ?? rows()}
        handlers={held.handlers}
        empty={
          isNow()
            ? 'No active bans from here.'
            : `No bans from here in this time.${unrecordedNote(recorded().singleBans)}`
        }
      />
      <MoreBar query={query} />
      <p class={styles['foot']}>
        <CountryLinks {...props} />
      </p>
    </Card>
  )
}

function CountryBans(props: {
  country: string
  query: ReturnType<typeof useInfiniteQuery>
  /** undefined while nothing is loaded */
  rows: readonly CountryBan[] | undefined
  /** the rows on screen, which do not change while somebody reads them */
  shown: readonly CountryBan[] | undefined
  handlers: ReturnType<typeof createHeld>['handlers']
  empty: string
}): JSX.Element {
  return (
    <Switch>
      <Match when={props.query.isError && !props.query.data}>
        <ErrorState
          title="These bans could not be loaded"
          why={describeError(props.query.error).message}
          onRetry={() => void props.query.refetch()}
          retrying={props.query.isFetching}
        />
      </Match>
      {/* while another country loads, the bans of the previous one are not shown */}
      <Match when={props.query.isPending || props.query.isPlaceholderData}>
        <div class={styles['shape']} aria-busy="true">
          <For each={[0, 1, 2, 3, 4, 5]}>{() => <Skeleton height="24px" />}</For>
        </div>
      </Match>
      <Match when={props.rows?.length === 0}>
        <p class={styles['empty']}>{props.empty}</p>
      </Match>
      <Match when={props.shown}>
        {(known) => (
          <ul
            class={styles['list']}
            aria-label={`Bans of ${props.country}, newest first`}
            {...props.handlers}
          >
            <For each={known()}>
              {(row) => (
                <li class={styles['row']}>
                  <AddressLink address={row.address} menu={false} />
                  <span class={styles['jail']}>{showHidden(row.jail)}</span>
                  <RelativeTime time={row.at} />
                </li>
              )}
            </For>
          </ul>
        )}
      </Match>
    </Switch>
  )
}

function CountryLinks(props: CountryPanelProps): JSX.Element {
  return (
    <Show
      when={props.measure === 'active'}
      fallback={
        <Link href={props.state.link(`/activity?country=${encodeURIComponent(props.code)}`)}>
          All activity from this country
        </Link>
      }
    >
      <Link href={`/bans?search=${encodeURIComponent(`country:${props.code}`)}`}>
        All active bans from this country
      </Link>
    </Show>
  )
}
