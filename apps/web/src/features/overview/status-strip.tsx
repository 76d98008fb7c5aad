import { showHidden, type StateDay } from '@bangui/shared'
import { StateBar } from '../../charts/state-bar.tsx'
import { type JSX, Show } from 'solid-js'
import { describeActivity } from '../../lib/activity.ts'
import { describeDaemon } from '../../lib/daemon-state.ts'
import { formatDuration, formatExact, formatNumber } from '../../lib/format.ts'
import { useNow } from '../../lib/clock.ts'
import { describeJail } from '../../lib/jail-state.ts'
import { useLive } from '../../live/live-store.tsx'
import { Link } from '../../ui/link.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import { describeProtection, isGone } from './protection.ts'
import styles from './status-strip.module.css'

const unknown = {
  tone: 'neutral',
  word: 'Not known',
  sentence: 'Not known',
  hint: 'BanGUI cannot be reached',
  busy: false,
} as const

/** The state of the daemon, its jails and the protection, in one line, with the last 90 days of the daemon. */
export function StatusStrip(props: { days: readonly StateDay[] | undefined }): JSX.Element {
  const live = useLive()
  const now = useNow()
  const status = () => live.runtime?.serverStatus
  // without a connection, the last known state may be wrong
  const stale = () => live.connection === 'offline'
  const daemon = () => (stale() ? unknown : describeDaemon(status()))
  const protection = () => {
    const state = describeProtection(live.runtime, live.jails)
    return state && stale() ? { ...state, ...unknown } : state
  }
  // more important than the version
  const hint = () => {
    if (stale()) return unknown.hint
    const activity = describeActivity(live.runtime)
    if (activity !== undefined) return `${activity}…`
    return status()?.online ? undefined : showHidden(status()?.message ?? '')
  }
  const idle = () =>
    live.jails?.filter((jail) => describeJail(jail, status()?.online === true).kind === 'idle').length ?? 0
  const working = () => {
    // the daemon counts the jails that it lists, also those that were not started
    const started = live.jails?.filter((jail) => jail.running).length ?? Infinity
    const active = Math.min(status()?.activeJails ?? 0, started)
    const words = `${formatNumber(Math.max(0, active - idle()))} running`
    return idle() > 0 ? `${words}, ${formatNumber(idle())} idle` : words
  }
  // a daemon that is closed to BanGUI or sends unreadable replies may still be banning
  const mayRun = () => {
    const known = status()
    return known !== undefined && !known.online && known.checkedAt !== null && !isGone(known)
  }
  return (
    <section
      class={styles['strip']}
      aria-label="State"
      aria-busy={live.runtime ? undefined : true}
      data-stale={stale() ? '' : undefined}
    >
      <Cell label="fail2ban" pending={!live.runtime}>
        <StatusDot tone={daemon().tone} label={daemon().word} pulse={daemon().busy} />
        <span role="status">{hint()}</span>
        <Show when={hint() === undefined && status()?.online}>
          <span>
            {status()?.version}
            <Show when={live.runtime?.onlineSince}>{(since) => <Uptime since={since()} />}</Show>
          </span>
        </Show>
        <span class={styles['history']}>
          <StateBar name="fail2ban" days={props.days} now={now()} />
        </span>
      </Cell>
      <Cell label="Jails" pending={!live.runtime || !live.jails}>
        <Link href="/jails?filter=running" quiet>
          {mayRun() ? 'Not known' : working()}
        </Link>
        <span>
          {mayRun() ? '' : 'of '}
          {formatNumber(live.jails?.length ?? 0)} in the configuration
        </span>
      </Cell>
      <Cell label="Protection" pending={!protection()}>
        <Show when={protection()}>
          {(state) => (
            <>
              <Link href={state().href} quiet>
                <StatusDot tone={state().tone} label={state().sentence} />
              </Link>
              <span>{state().hint}</span>
            </>
          )}
        </Show>
      </Cell>
    </section>
  )
}

/** How long fail2ban has been up, as far as BanGUI knows: it was not observed before BanGUI started. */
function Uptime(props: { since: number }): JSX.Element {
  const now = useNow()
  return (
    <>
      {', '}
      <span data-tooltip={`Up since ${formatExact(props.since)}`} tabindex="0">
        up for {formatDuration(Math.max(0, Math.round((now() - props.since) / 1000)))}
      </span>
    </>
  )
}

function Cell(props: { label: string; pending: boolean; children: JSX.Element }): JSX.Element {
  return (
    <div class={styles['cell']}>
      <p class={styles['label']}>{props.label}</p>
      <Show when={!props.pending} fallback={<Skeleton width="160px" height="20px" lines={2} />}>
        <div class={styles['value']}>{props.children}</div>
      </Show>
    </div>
  )
}
