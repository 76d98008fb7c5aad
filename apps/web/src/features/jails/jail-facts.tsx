import type { Jail } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { formatNumber } from '../../lib/format.ts'
import { Card } from '../../ui/card.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Stat } from '../../ui/stat.tsx'
import styles from './jail-page.module.css'
import { describeRule } from './jail-words.ts'

/** The figures of a jail and what it does. */
export function JailFacts(props: { jail: Jail | undefined; online: boolean }): JSX.Element {
  const figure = (key: 'currentlyBanned' | 'totalBanned' | 'currentlyFailed' | 'totalFailed') => {
    if (!props.jail) return undefined
    return props.jail.running && props.online ? formatNumber(props.jail[key]) : '–'
  }
  return (
    <>
      <div class={styles['figures']}>
        <Stat label="Banned now" value={figure('currentlyBanned')} />
        <Stat label="Bans since start" value={figure('totalBanned')} />
        <Stat label="Failures now" value={figure('currentlyFailed')} />
        <Stat label="Failures since start" value={figure('totalFailed')} />
      </div>
      <Card title="What it does">
        <Show when={props.jail} fallback={<Skeleton lines={4} height="20px" />}>
          {(jail) => (
            <Facts>
              <Fact term="Rule">{describeRule(jail()) ?? 'It cannot be told from the configuration.'}</Fact>
              <Fact term="Filter" hint="The rules that find attacks in the log">
                {jail().filter ?? 'none'}
              </Fact>
              <Fact term="Reads">
                <Reads jail={jail()} />
              </Fact>
              <Fact term="Backend" hint="How fail2ban notices new lines in the log">
                {jail().backend ?? 'not known'}
              </Fact>
            </Facts>
          )}
        </Show>
      </Card>
    </>
  )
}

function Reads(props: { jail: Jail }): JSX.Element {
  return (
    <Show when={!props.jail.backend?.startsWith('systemd')} fallback="the journal of systemd">
      <Show when={props.jail.logPaths.length > 0} fallback="no log is named">
        <ul class={styles['logs']}>
          <For each={props.jail.logPaths}>
            {(path) => (
              <li>
                <code>{path}</code>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Show>
  )
}
