import { type Jail, showHidden, type StateDay } from '@bangui/shared'
import Fence from 'lucide-solid/icons/fence'
import { For, type JSX, Match, Show, Switch } from 'solid-js'
import { StateBar } from '../../charts/state-bar.tsx'
import { useNow } from '../../lib/clock.ts'
import { formatNumber, plural } from '../../lib/format.ts'
import { createHeld } from '../../lib/held.ts'
import { describeJail, needsAttention, REPEATS_BANS } from '../../lib/jail-state.ts'
import { useLive } from '../../live/live-store.tsx'
import { ButtonLink } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Link } from '../../ui/link.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import styles from './jail-bars.module.css'

/** The page of the jails lists all of them. */
const MAX_SHOWN = 4

export type JailBarsProps = {
  /** the last days of each jail by its name; undefined: not loaded yet */
  days: ReadonlyMap<string, readonly StateDay[]> | undefined
}

/** The enabled jails with their last 90 days: those that need attention first, then the highest. Rows do not move while somebody reads. */
export function JailBars(props: JailBarsProps): JSX.Element {
  const live = useLive()
  const online = () => live.runtime?.serverStatus.online ?? false
  const shown = () => live.jails?.filter((jail) => jail.enabled || jail.running)
  const order = createHeld(
    () =>
      shown()
        ?.toSorted(
          (one, other) =>
            Number(needsAttention(other, online())) - Number(needsAttention(one, online())) ||
            byBans(one, other),
        )
        .map((jail) => jail.name) ?? [],
  )
  const rows = () => {
    const byName = new Map(shown()?.map((jail) => [jail.name, jail]))
    const kept = order.value().filter((name) => byName.has(name))
    const added = [...byName.keys()].filter((name) => !kept.includes(name))
    return [...kept, ...added].flatMap((name) => byName.get(name) ?? [])
  }
  const rest = () => Math.max(0, rows().length - MAX_SHOWN)
  const daysOf = (name: string) => props.days && (props.days.get(name) ?? [])
  const off = () => (live.jails?.length ?? 0) - (shown()?.length ?? 0)

  return (
    <Card
      title="Jails"
      actions={
        <span class={styles['more']}>
          <Show when={rest() > 0}>
            <Link href="/jails?filter=running&sort=-banned">{formatNumber(rest())} more</Link>
            {rest() === 1 ? ' is' : ' are'} enabled
            {off() > 0 ? ', ' : '. '}
          </Show>
          <Show when={off() > 0}>
            <Link href="/jails?filter=off">{plural(off(), 'jail')}</Link> {off() === 1 ? 'is' : 'are'}{' '}
            disabled.{' '}
          </Show>
          <Link href="/jails">All jails</Link>
        </span>
      }
      flush
    >
      <Switch>
        <Match when={!live.jails}>
          <Shape />
        </Match>
        <Match when={rows().length === 0}>
          <NoJails off={off()} />
        </Match>
        <Match when={rows().length > 0}>
          <div class={styles['head']} aria-hidden="true">
            <span>Jail</span>
            <span class={styles['history']}>Last 90 days</span>
            <span class={styles['count']}>Banned</span>
            <span class={styles['count']}>Failing</span>
          </div>
          <ul class={styles['list']} {...order.handlers}>
            <For each={rows().slice(0, MAX_SHOWN)}>
              {(jail) => <Row jail={jail} days={daysOf(jail.name)} />}
            </For>
          </ul>
        </Match>
      </Switch>
    </Card>
  )
}

const byBans = (one: Jail, other: Jail) =>
  other.currentlyBanned - one.currentlyBanned || one.name.localeCompare(other.name)

function Row(props: { jail: Jail; days: readonly StateDay[] | undefined }): JSX.Element {
  const live = useLive()
  const online = () => live.runtime?.serverStatus.online ?? false
  // a jail that is not running has no counts
  const runs = () => props.jail.running && online()
  const formatCount = (count: number) => (runs() ? formatNumber(count) : '–')
  const now = useNow()
  const state = () => describeJail(props.jail, online())
  return (
    <li class={styles['row']}>
      <div class={styles['name']}>
        <StatusDot tone={state().tone} label={state().word} hideLabel />
        <Link href={`/jails/${encodeURIComponent(props.jail.name)}`} quiet>
          {showHidden(props.jail.name)}
        </Link>
        <Show when={state().kind !== 'running'}>
          <span class={styles['state']}>{state().word}</span>
        </Show>
      </div>
      <span class={styles['history']}>
        <StateBar name={showHidden(props.jail.name)} days={props.days} now={now()} />
      </span>
      <span class={styles['count']}>
        {formatCount(props.jail.currentlyBanned)}
        <VisuallyHidden> banned</VisuallyHidden>
      </span>
      <span class={styles['count']}>
        <Show
          when={!props.jail.readsOwnLog}
          fallback={
            <span data-tooltip={REPEATS_BANS} tabindex="0">
              –
            </span>
          }
        >
          {formatCount(props.jail.currentlyFailed)}
          <VisuallyHidden> failing</VisuallyHidden>
        </Show>
      </span>
    </li>
  )
}

function NoJails(props: { off: number }): JSX.Element {
  return (
    <EmptyState
      icon={<Fence />}
      title="No jail is enabled"
      action={
        <Show
          when={props.off > 0}
          fallback={<ButtonLink href="/settings?tab=fail2ban">Show the connection</ButtonLink>}
        >
          <ButtonLink href="/jails?filter=off" variant="primary">
            Choose a jail
          </ButtonLink>
        </Show>
      }
    >
      A jail watches one log for one kind of attack and bans addresses that do it too often.{' '}
      <Show
        when={props.off > 0}
        fallback="fail2ban’s package ships many in jail.conf, but BanGUI found none. Check that BanGUI reads the right folder."
      >
        {plural(props.off, 'jail')} {props.off === 1 ? 'is' : 'are'} configured but disabled. Most servers
        start with sshd.
      </Show>
    </EmptyState>
  )
}

const Shape = (): JSX.Element => (
  <div class={styles['shape']} aria-busy="true">
    <For each={[0, 1, 2, 3]}>{() => <Skeleton height="28px" />}</For>
  </div>
)
