import { type HistoryRow, showHidden } from '@bangui/shared'
import ChevronRight from 'lucide-solid/icons/chevron-right'
import { createUniqueId, type JSX, Match, Show, Switch } from 'solid-js'
import { describeError } from '../../api/errors.ts'
import { useQuery } from '../../api/use-query.ts'
import { useStatsApi } from '../../api/stats-api.ts'
import { countryName } from '../../lib/country.ts'
import { formatDuration, formatExact, plural } from '../../lib/format.ts'
import { keepLabLines } from '../../lib/lab-lines.ts'
import { useCan } from '../../lib/permissions.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Link } from '../../ui/link.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { AddressLink } from '../../bans/address-link.tsx'
import { describeWho } from '../../bans/ban-words.ts'
import { historyQueries } from '../../stats/queries.ts'
import { describeStanding } from '../../feed/event-words.ts'
import styles from './history-list.module.css'

export type HistoryRowProps = {
  row: HistoryRow
  open: boolean
  onToggle: () => void
}

/** One ban; opened, it shows the reason, how often, and the log lines that caused it. */
export function HistoryRowView(props: HistoryRowProps): JSX.Element {
  const id = createUniqueId()
  return (
    <li class={styles['item']}>
      <div class={styles['row']}>
        <span class={styles['open']} data-open={props.open ? '' : undefined}>
          <IconButton
            size="sm"
            icon={<ChevronRight />}
            label={`${props.open ? 'Hide' : 'Show'} details of the ban of ${props.row.address}`}
            aria-expanded={props.open}
            aria-controls={id}
            onClick={() => props.onToggle()}
          />
        </span>
        <span class={styles['address']}>
          <AddressLink address={props.row.address} jail={props.row.jail} />
        </span>
        <span class={styles['jail']} data-whole="">
          <Link href={`/jails/${encodeURIComponent(props.row.jail)}`} quiet>
            {showHidden(props.row.jail)}
          </Link>
        </span>
        <span class={styles['country']} data-whole="">
          {countryName(props.row.country)}
        </span>
        <span class={styles['by']} data-whole="">
          {describeWho(props.row)}
        </span>
        <span class={styles['state']} data-whole="">
          {describeStanding(props.row)}
        </span>
        <span class={styles['when']}>
          <RelativeTime time={props.row.at} />
        </span>
      </div>
      <Show when={props.open}>
        <div class={styles['detail']} id={id}>
          <p class={styles['facts']}>{describeFacts(props.row).join(' · ')}</p>
          <Show when={props.row.id} fallback={<p>Log lines are kept for bans in the archive.</p>}>
            {(known) => <Lines id={known()} jail={props.row.jail} />}
          </Show>
        </div>
      </Show>
    </li>
  )
}

function describeFacts(row: HistoryRow): string[] {
  return [
    `Banned by ${describeWho(row)}${describeLength(row.duration)} on ${formatExact(row.at)}`,
    row.until === null ? '' : `${row.active ? 'ends' : 'ended'} ${formatExact(row.until)}`,
    row.attempts === null ? '' : plural(row.attempts, 'failure'),
    row.times > 1 ? `ban number ${row.times} of this address in this jail` : '',
    showHidden(row.reason ?? ''),
  ].filter((text) => text !== '')
}

/** Returns the duration as text; 0: fail2ban has not reported it yet. */
function describeLength(duration: number): string {
  if (duration === 0) return ''
  return duration < 0 ? ' permanently' : ` for ${formatDuration(duration)}`
}

/** The log lines that caused the ban. They contain text from attackers and are shown as text. */
function Lines(props: { id: number; jail: string }): JSX.Element {
  const api = useStatsApi()
  const mayRead = useCan('logs.read')
  const query = useQuery(() => historyQueries.lines(api, props.id))
  return (
    <Switch>
      <Match when={query.isPending}>
        <div aria-busy="true">
          <Skeleton lines={3} />
        </div>
      </Match>
      <Match when={query.isError}>
        <ErrorState
          title="The log lines could not be loaded"
          why={describeError(query.error).message}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      </Match>
      <Match when={query.data?.lines.length === 0}>
        <p>No log lines are kept of this ban.</p>
      </Match>
      <Match when={query.data}>
        {(data) => (
          <>
            <pre class={styles['lines']} tabindex="0" aria-label="Log lines" role="region">
              {showHidden(data().lines.join('\n'))}
            </pre>
            <Show when={mayRead()}>
              <div>
                <ButtonLink
                  size="sm"
                  href={`/regex-lab?subject=jail&jail=${encodeURIComponent(props.jail)}`}
                  onClick={() => keepLabLines(data().lines.join('\n'))}
                >
                  Test these lines
                </ButtonLink>
              </div>
            </Show>
          </>
        )}
      </Match>
    </Switch>
  )
}
