import type { HealthReport, HealthSummary } from '@bangui/shared'
import { type JSX, Match, Show, Switch } from 'solid-js'
import { formatNumber, plural } from '../../lib/format.ts'
import { useLive } from '../../live/live-store.tsx'
import { AsyncButton } from '../../ui/async-button.tsx'
import { Banner } from '../../ui/banner.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import type { CheckRun } from './check-now.tsx'
import styles from './check-state.module.css'

/** How many findings there are, when was checked last, and what the checks do now. */
export function CheckState(props: { report: HealthReport | undefined; run: CheckRun }): JSX.Element {
  const live = useLive()
  const lastCheck = () => {
    const times = props.report?.checks.flatMap(({ checkedAt }) => checkedAt ?? []) ?? []
    return times.length === 0 ? undefined : Math.max(...times)
  }
  return (
    <div class={styles['state']}>
      <div class={styles['line']}>
        <Show when={live.runtime?.health}>{(health) => <Counts health={health()} />}</Show>
        <p class={styles['when']}>
          <Show when={lastCheck()} fallback="Not checked yet">
            {(time) => (
              <>
                Last checked <RelativeTime time={time()} />
              </>
            )}
          </Show>
        </p>
      </div>
      <Show when={props.run.progress()}>
        {(progress) => (
          <div class={styles['progress']}>
            <ProgressBar label="Checking protection" done={progress().done} total={progress().total} />
            <span class={styles['numbers']}>
              {progress().total === null
                ? 'Beginning'
                : `${formatNumber(progress().done)} of ${plural(progress().total ?? 0, 'check')}`}
            </span>
            <AsyncButton size="sm" onPress={() => props.run.cancel()}>
              Cancel
            </AsyncButton>
          </div>
        )}
      </Show>
      <div aria-live="polite">
        <Notes report={props.report} run={props.run} />
      </div>
    </div>
  )
}

function Counts(props: { health: HealthSummary }): JSX.Element {
  return (
    <ul class={styles['counts']} aria-label="Findings">
      <li data-none={props.health.critical === 0 ? '' : undefined}>
        <StatusDot
          tone={props.health.critical > 0 ? 'danger' : 'neutral'}
          label={`${props.health.critical} critical`}
        />
      </li>
      <li data-none={props.health.warning === 0 ? '' : undefined}>
        <StatusDot
          tone={props.health.warning > 0 ? 'warning' : 'neutral'}
          label={plural(props.health.warning, 'warning')}
        />
      </li>
      <li data-none={props.health.hint === 0 ? '' : undefined}>
        <StatusDot tone="neutral" label={plural(props.health.hint, 'hint')} />
      </li>
    </ul>
  )
}

function Notes(props: { report: HealthReport | undefined; run: CheckRun }): JSX.Element {
  const suspected = () => props.report?.suspected.length ?? 0
  return (
    <Switch>
      <Match when={props.run.problem()}>
        {(why) => (
          <Banner tone="danger" title="The checks did not run.">
            {why()}
          </Banner>
        )}
      </Match>
      <Match when={props.report?.settling}>
        <Banner tone="info" title="fail2ban has just been started or reloaded.">
          The checks wait for a minute until all jails are loaded. Earlier findings are still shown.
        </Banner>
      </Match>
      <Match when={suspected() > 0}>
        <Banner
          tone="info"
          title={
            suspected() === 1
              ? 'BanGUI has seen a possible problem once.'
              : `BanGUI has seen ${suspected()} possible problems once.`
          }
        >
          {suspected() === 1 ? 'It is' : 'They are'} checked again within a minute, and listed if confirmed.
        </Banner>
      </Match>
      <Match when={!props.run.isRunning() && props.run.outcome()}>
        {(outcome) => (
          <p class={styles['outcome']}>
            {plural(outcome().checks, 'check')} ran:{' '}
            {outcome().findings === 0 ? 'no problem found' : plural(outcome().findings, 'finding')}
            {outcome().cannotTell > 0 && `, ${outcome().cannotTell} cannot tell`}.
          </p>
        )}
      </Match>
    </Switch>
  )
}
