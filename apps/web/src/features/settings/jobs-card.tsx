import { useQueryClient } from '@tanstack/solid-query'
import { createSignal, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import type { Api } from '../../api/client.ts'
import { describeError } from '../../api/errors.ts'
import { useQuery } from '../../api/use-query.ts'
import { useCan } from '../../lib/permissions.ts'
import { formatDuration, formatNumber } from '../../lib/format.ts'
import { AsyncButton } from '../../ui/async-button.tsx'
import { Banner } from '../../ui/banner.tsx'
import { Card } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { settingsQueries } from './queries.ts'
import styles from './settings.module.css'

type Job = Awaited<ReturnType<Api['server']['jobs']['query']>>[number]

const words: Readonly<Record<string, readonly [string, string]>> = {
  health_check: ['Health check', 'Checks the state and the counts of fail2ban'],
  live_counts: ['Live counts', 'Keeps the numbers up to date while somebody watches'],
  scheduler_lock_heartbeat: ['Heartbeat', 'Marks this process as the one that runs the jobs'],
  event_reconcile: [
    'Reconcile bans',
    'Compares BanGUI’s bans with those of fail2ban and adds those that its log did not show',
  ],
  timed_unbans: ['Timed bans', 'Ends bans that are shorter than their jail’s ban time'],
  protection_checks: ['Protection', 'Checks whether attackers are found, banned and blocked'],
  geo_cache_flush: ['Save locations', 'Saves the locations of addresses'],
  geo_cache_cleanup: [
    'Clean up locations',
    'Deletes the locations of addresses that nobody has looked up for a long time',
  ],
  state_days: ['State history', 'Records how long fail2ban and each jail were up'],
  history_retention: ['History clean-up', 'Deletes history that is older than the settings allow'],
  session_cleanup: ['Session clean-up', 'Deletes expired sessions'],
}

const nameOf = (job: Job) => words[job.name]?.[0] ?? job.name

const columns: readonly Column<Job>[] = [
  {
    key: 'name',
    header: 'Job',
    cell: (job) => (
      <span class={styles['name']}>
        {nameOf(job)}
        <span class={styles['faint']}>{words[job.name]?.[1] ?? ''}</span>
      </span>
    ),
  },
  { key: 'every', header: 'Every', oneLine: true, cell: (job) => formatDuration(job.everySeconds) },
  {
    key: 'last',
    header: 'Last run',
    cell: (job) => (
      <Show when={job.lastRun} fallback="not yet">
        {(run) => <RelativeTime time={run().startedAt} />}
      </Show>
    ),
  },
  {
    key: 'duration',
    header: 'Took',
    align: 'end',
    oneLine: true,
    cell: (job) => (
      <Show when={job.lastRun} fallback="–">
        {(run) => <>{`${formatNumber(run().durationMs)} ms`}</>}
      </Show>
    ),
  },
  { key: 'result', header: 'Result', cell: (job) => <Result job={job} /> },
]

function Result(props: { job: Job }): JSX.Element {
  return (
    <Show when={!props.job.running} fallback={<StatusDot tone="info" label="Running" pulse />}>
      <Show when={props.job.lastRun} fallback="–">
        {(run) => (
          <span data-tooltip={run().message ?? undefined} tabindex={run().message ? 0 : undefined}>
            <StatusDot tone={run().ok ? 'ok' : 'danger'} label={run().ok ? 'Done' : 'Failed'} />
          </span>
        )}
      </Show>
    </Show>
  )
}

/** BanGUI's background jobs. */
export function JobsCard(): JSX.Element {
  const api = useApi()
  const client = useQueryClient()
  const canRun = useCan('jobs.run')
  const jobs = useQuery(() => settingsQueries.jobs(api))
  const [problem, setProblem] = createSignal<string>()
  const run = async (job: Job) => {
    setProblem(undefined)
    try {
      await api.server.runJob.mutate({ name: job.name })
    } catch (error) {
      setProblem(describeError(error).message)
    } finally {
      await client.invalidateQueries({ queryKey: settingsQueries.jobs(api).queryKey })
    }
  }
  return (
    <Card title="Jobs" description="BanGUI’s background jobs. Any of them can safely be run again." flush>
      <Show when={problem()}>
        <Banner tone="danger" role="alert" title="The job was not run.">
          {problem()}
        </Banner>
      </Show>
      <Loaded
        query={jobs}
        what="The jobs"
        fallback={<DataTable caption="Jobs" columns={columns} rows={undefined} expected={4} />}
      >
        {(data) => (
          <DataTable
            caption="Jobs"
            columns={columns}
            rows={data()}
            rowActions={
              canRun()
                ? (job) => (
                    <AsyncButton size="sm" aria-label={`Run now: ${nameOf(job)}`} onPress={() => run(job)}>
                      Run now
                    </AsyncButton>
                  )
                : undefined
            }
          />
        )}
      </Loaded>
    </Card>
  )
}
