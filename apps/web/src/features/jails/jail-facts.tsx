import { type Jail, type JailDetail, showHidden } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { formatNumber } from '../../lib/format.ts'
import { useLive } from '../../live/live-store.tsx'
import { Card } from '../../ui/card.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Stat } from '../../ui/stat.tsx'
import styles from './jail-page.module.css'
import { REPEATS_BANS } from '../../lib/jail-state.ts'
import { describeRule } from './jail-words.ts'
import { jailQueries } from './queries.ts'

/** The counts and facts of a jail. */
export function JailFacts(props: {
  jail: Jail | undefined
  detail: JailDetail | undefined
  online: boolean
}): JSX.Element {
  const runs = () => props.jail?.running === true && props.online
  const configured = () => props.detail?.configured && describeRule(props.detail.configured)
  const count = (key: 'currentlyBanned' | 'totalBanned' | 'currentlyFailed' | 'totalFailed') => {
    if (!props.jail) return undefined
    return props.jail.running && props.online ? formatNumber(props.jail[key]) : '–'
  }
  return (
    <>
      <div class={styles['counts']}>
        <Stat label="Banned now" value={count('currentlyBanned')} />
        <Stat label="Bans since start" value={count('totalBanned')} />
        <Stat label="Failures now" value={count('currentlyFailed')} />
        <Stat label="Failures since start" value={count('totalFailed')} />
      </div>
      <Card title="Summary">
        <Show when={props.jail} fallback={<Skeleton lines={4} height="20px" />}>
          {(jail) => (
            <Facts>
              <Fact
                term={runs() ? 'In effect now' : 'In the configuration'}
                hint={
                  runs()
                    ? 'The values that the running jail uses'
                    : 'The configured values: the jail is not running'
                }
              >
                {describeRule(jail()) ?? 'Not set in the configuration.'}
              </Fact>
              <Show when={runs() && configured() !== describeRule(jail()) && configured()}>
                {(rule) => (
                  <Fact term="In the configuration" hint="Applies from the next load of the jail">
                    {rule()} Different until the next reload.
                  </Fact>
                )}
              </Show>
              <Show when={jail().readsOwnLog}>
                <Fact term="Failures">{REPEATS_BANS}</Fact>
              </Show>
              <Fact term="Last match" hint="When the filter last found a failure in the log">
                <LastMatch name={jail().name} />
              </Fact>
              <Fact term="Filter" hint="The rules that find attacks in the log">
                {showHidden(jail().filter ?? 'none')}
              </Fact>
              <Fact term="Reads">
                <Reads jail={jail()} />
              </Fact>
              <Fact term="Backend" hint="How fail2ban notices new lines in the log">
                {showHidden(jail().backend ?? 'unknown')}
              </Fact>
            </Facts>
          )}
        </Show>
      </Card>
    </>
  )
}

function LastMatch(props: { name: string }): JSX.Element {
  const api = useApi()
  const live = useLive()
  const stored = useQuery(() => jailQueries.lastMatch(api, props.name))
  const seen = () =>
    live.feed.find(({ event }) => event.type === 'failure.found' && event.jail === props.name)?.event.at
  const time = () => seen() ?? (stored.isSuccess ? stored.data : null)
  return (
    <Show when={time()} fallback={stored.isPending ? '…' : 'no match recorded'}>
      {(at) => <RelativeTime time={at()} />}
    </Show>
  )
}

function Reads(props: { jail: Jail }): JSX.Element {
  return (
    <Show when={!props.jail.backend?.startsWith('systemd')} fallback="the systemd journal">
      <Show when={props.jail.logPaths.length > 0} fallback="no log is configured">
        <ul class={styles['logs']}>
          <For each={props.jail.logPaths}>
            {(path) => (
              <li>
                <code>{showHidden(path)}</code>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Show>
  )
}
