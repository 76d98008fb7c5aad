import { type HistoryRow, showHidden } from '@bangui/shared'
import { type JSX, Match, Show, Switch } from 'solid-js'
import { describeError } from '../../api/errors.ts'
import { useQuery } from '../../api/use-query.ts'
import { useStatsApi } from '../../api/stats-api.ts'
import { describeWho } from '../../bans/ban-words.ts'
import { formatDuration, formatExact, plural } from '../../lib/format.ts'
import { keepLabLines } from '../../lib/lab-lines.ts'
import { useCan } from '../../lib/permissions.ts'
import { historyQueries } from '../../stats/queries.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import styles from './history-list.module.css'

/** The details of a ban: the reason, how often, and the log lines that caused it. */
export function BanDetail(props: { ban: HistoryRow; id: string }): JSX.Element {
  return (
    <div class={styles['detail']} id={props.id}>
      <p class={styles['facts']}>{describeFacts(props.ban).join(' · ')}</p>
      <Show when={props.ban.id} fallback={<p>Log lines are kept for bans in the archive.</p>}>
        {(known) => <Lines id={known()} jail={props.ban.jail} />}
      </Show>
    </div>
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
