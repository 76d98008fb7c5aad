import { type Blocklist, showHidden } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { formatExact, formatNumber } from '../../lib/format.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Banner } from '../../ui/banner.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { Link } from '../../ui/link.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Switch } from '../../ui/switch.tsx'
import { ToneCard } from '../../ui/tone-card.tsx'
import styles from './blocklists.module.css'
import { HeldVersion } from './held-version.tsx'
import { ListActions } from './list-actions.tsx'
import { ListRuns } from './list-runs.tsx'
import { describeSchedule, originOf, stateOf } from './list-words.ts'
import { createListVerbs } from './list-verbs.ts'

export type ListCardProps = { list: Blocklist; onEdit: () => void }

/** One list: its state, its times, and what can be done with it. */
export function ListCard(props: ListCardProps): JSX.Element {
  const canWrite = useCanChange('blocklists.write')
  const verbs = createListVerbs()
  const list = () => props.list
  const state = () => stateOf(list())
  return (
    <ToneCard as="li" tone={state().tone}>
      <header class={styles['header']}>
        <div class={styles['name']}>
          <h2 class={styles['title']}>{showHidden(list().name)}</h2>
          <Badge tone={state().tone}>{state().words}</Badge>
          <Show when={!list().enabled && state().words !== 'Off'}>
            <Badge>Off</Badge>
          </Show>
        </div>
        <div class={styles['buttons']}>
          <Show when={canWrite()}>
            <Switch
              label={`Fetch ${list().name} by its schedule`}
              hideLabel
              checked={list().enabled}
              onChange={(enabled) => void verbs.update({ id: list().id, enabled })}
            />
          </Show>
          <ListActions list={list()} verbs={verbs} onEdit={props.onEdit} />
        </div>
        <p class={styles['origin']}>{showHidden(originOf(list()))}</p>
      </header>
      <Running list={list()} />
      <Show when={list().held}>{(held) => <HeldVersion list={list()} held={held()} verbs={verbs} />}</Show>
      <Show when={list().lastError}>
        {(why) => (
          <Banner tone="danger" role="note" title="The last try failed.">
            {showHidden(why())} The bans of the version before stay in force.
          </Banner>
        )}
      </Show>
      <div class={styles['facts']}>
        <Facts>
          <Fact term="Banned now">
            <Link href={`/bans?origin=blocklist:${list().id}`}>{formatNumber(list().inForce)}</Link>
          </Fact>
          <Fact term="Entries" hint="Different addresses and networks in the version that was imported last">
            {list().entries === null ? '–' : formatNumber(list().entries ?? 0)}
          </Fact>
          <Fact term="Jail">
            <Link href={`/jails/${encodeURIComponent(list().jail)}`}>{showHidden(list().jail)}</Link>
          </Fact>
        </Facts>
        <Facts>
          <Fact term="Last tried">
            <Moment time={list().lastTriedAt} />
          </Fact>
          <Fact term="Last changed">
            <Moment time={list().lastChangedAt} />
          </Fact>
          <Fact term="Next run">
            <NextRun list={list()} />
          </Fact>
        </Facts>
      </div>
      <Show when={list().warnings.length > 0}>
        <ul class={styles['warnings']}>
          <For each={list().warnings}>{({ message }) => <li>{showHidden(message)}</li>}</For>
        </ul>
      </Show>
      <Disclosure label="Runs">
        <ListRuns id={list().id} state={JSON.stringify([list().lastTriedAt, list().running])} />
      </Disclosure>
    </ToneCard>
  )
}

const Moment = (props: { time: number | null }): JSX.Element => (
  <Show when={props.time} fallback="never">
    {(time) => <RelativeTime time={time()} />}
  </Show>
)

function NextRun(props: { list: Blocklist }): JSX.Element {
  return (
    <Show
      when={props.list.nextRuns[0]}
      fallback={props.list.enabled ? describeSchedule(props.list.schedule) : 'switched off'}
    >
      {(time) => (
        <span data-tooltip={`${formatExact(time())}, ${describeSchedule(props.list.schedule)}`} tabindex="0">
          <RelativeTime time={time()} />
        </span>
      )}
    </Show>
  )
}

/** The progress of the import that is under way. */
function Running(props: { list: Blocklist }): JSX.Element {
  const live = useLive()
  const operation = () => live.operations[props.list.running?.operation ?? '']
  return (
    <Show when={props.list.running}>
      <div class={styles['running']}>
        <ProgressBar
          label={`Import of ${props.list.name}`}
          done={operation()?.done ?? 0}
          total={operation()?.total ?? null}
        />
        <span>
          <Show when={operation()?.total} fallback="Reading the list …">
            {(total) => (
              <>{`${formatNumber(operation()?.done ?? 0)} of ${formatNumber(total())} addresses`}</>
            )}
          </Show>
        </span>
      </div>
    </Show>
  )
}
