import type { Jail, JailDetail, JailSetting } from '@bangui/shared'
import { useSearchParams } from '@solidjs/router'
import { createMemo, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { BanProofView } from '../../bans/ban-proof.tsx'
import { useCan, useCanChange } from '../../lib/permissions.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { type Tab, Tabs } from '../../ui/tabs.tsx'
import { LiveFeed } from '../../feed/live-feed.tsx'
import { JailBans } from './jail-bans.tsx'
import { type Difference, differencesOf } from './jail-differences.ts'
import { JailFacts } from './jail-facts.tsx'
import { JailPatterns } from './jail-patterns.tsx'
import styles from './jail-page.module.css'
import { JailSettings } from './jail-settings.tsx'
import { jailQueries } from './queries.ts'
import { settingsOf } from './settings-groups.ts'
import { TuneCard } from './tune-card.tsx'

type TabName = 'now' | 'bans' | 'settings' | 'filter' | 'actions' | 'log'

export type JailTabsProps = {
  name: string
  jail: Jail | undefined
  online: boolean
  /** undefined while loading */
  detail: JailDetail | undefined
  /** why the settings could not be read */
  problem: string | undefined
  retrying: boolean
  onRetry: () => void
}

/** Everything about one jail, in tabs; the open tab is kept in the URL. */
export function JailTabs(props: JailTabsProps): JSX.Element {
  const [params, setParams] = useSearchParams<{ tab?: string }>()
  const api = useApi()
  const canBan = useCanChange('bans.write')
  const runs = () => props.jail?.running === true && props.online
  const tuning = useQuery(() => ({ ...jailQueries.tuning(api, props.name), enabled: runs() }))
  const differences = () => (runs() && tuning.isSuccess ? differencesOf(props.detail, tuning.data) : [])
  const tabs: readonly Tab<TabName>[] = [
    { value: 'now', label: 'Now', content: () => <Now {...props} /> },
    { value: 'bans', label: 'Bans', content: () => <Bans {...props} /> },
    {
      value: 'settings',
      label: 'Settings',
      content: () => (
        <Settings
          tabs={props}
          differences={differences()}
          title="Settings in the configuration"
          description="Each setting’s value in the configuration files, and the line that sets it. If the running jail uses a different value, that value is shown below it."
          rows={props.detail?.settings}
        />
      ),
    },
    { value: 'filter', label: 'Filter', content: () => <Filter tabs={props} differences={differences()} /> },
    {
      value: 'actions',
      label: 'Actions',
      content: () => (
        <div class={styles['stack']}>
          <Settings
            tabs={props}
            differences={differences()}
            title="Actions"
            description="How an address is blocked, and for how long."
            rows={settingsOf(props.detail?.settings, 'actions')}
          />
          <Show when={runs() && canBan()}>
            <Card title="Does the ban block?">
              <BanProofView jail={props.name} />
            </Card>
          </Show>
        </div>
      ),
    },
    { value: 'log', label: 'Log', content: () => <Log tabs={props} differences={differences()} /> },
  ]
  const value = () => tabs.find((tab) => tab.value === params.tab)?.value ?? 'now'
  return (
    <Tabs<TabName>
      label={`About ${props.name}`}
      value={value()}
      tabs={tabs}
      onChange={(tab) =>
        setParams(
          { tab: tab === 'now' ? undefined : tab, search: undefined, sort: undefined },
          { scroll: false },
        )
      }
    />
  )
}

type SettingsTabProps = {
  tabs: JailTabsProps
  /** where the running jail differs from its configuration */
  differences: readonly Difference[]
}

function Settings(
  props: SettingsTabProps & {
    title: string
    description: string
    rows: readonly JailSetting[] | undefined
  },
): JSX.Element {
  return (
    <Show
      when={props.tabs.problem === undefined}
      fallback={
        <ErrorState
          title="Could not read the settings of this jail."
          why={props.tabs.problem}
          retrying={props.tabs.retrying}
          onRetry={() => props.tabs.onRetry()}
        />
      }
    >
      <JailSettings
        title={props.title}
        description={props.description}
        settings={props.rows}
        differences={props.differences}
      />
    </Show>
  )
}

function Bans(props: JailTabsProps): JSX.Element {
  return (
    <Show
      when={props.jail?.running && props.online && props.jail}
      fallback={<NotRunning name={props.name} />}
    >
      {(jail) => <JailBans jail={jail()} />}
    </Show>
  )
}

function Filter(props: SettingsTabProps): JSX.Element {
  return (
    <div class={styles['stack']}>
      <JailPatterns
        name={props.tabs.name}
        runs={props.tabs.jail?.running === true && props.tabs.online}
        log={logOf(props.tabs)}
      />
      <Settings
        {...props}
        title="Filter settings"
        description="What counts as a failure, and which addresses are never banned."
        rows={settingsOf(props.tabs.detail?.settings, 'filter')}
      />
    </div>
  )
}

/** A log of the jail that has a path of its own. */
const logOf = ({ jail }: JailTabsProps) => jail?.logPaths.find((path) => !/[*?[]/.test(path))

function Log(props: SettingsTabProps): JSX.Element {
  const mayRead = useCan('logs.read')
  const log = () => (mayRead() ? logOf(props.tabs) : undefined)
  return (
    <div class={styles['stack']}>
      <Show when={log()}>
        {(path) => (
          <div>
            <ButtonLink
              href={`/logs?log=${encodeURIComponent(path())}&jail=${encodeURIComponent(props.tabs.name)}`}
            >
              Open the log
            </ButtonLink>
          </div>
        )}
      </Show>
      <LiveFeed
        title="Recent events"
        filter={{ jail: props.tabs.name }}
        rows={100}
        more={`/activity?jail=${encodeURIComponent(props.tabs.name)}`}
      />
      <Settings
        {...props}
        title="Log source"
        description="The log file or journal, and how fail2ban notices new lines."
        rows={settingsOf(props.tabs.detail?.settings, 'log')}
      />
    </div>
  )
}

function Now(props: JailTabsProps): JSX.Element {
  const runs = () => props.jail?.running === true && props.online
  // kept while fail2ban is down, so that what was typed is still there when it is back
  const hasRun = createMemo((before: boolean) => before || runs(), false)
  return (
    <div class={styles['stack']}>
      <JailFacts jail={props.jail} detail={props.detail} online={props.online} />
      <Show when={hasRun()}>
        <TuneCard name={props.name} detail={props.detail} runs={runs()} />
      </Show>
    </div>
  )
}

function NotRunning(props: { name: string }): JSX.Element {
  return (
    <EmptyState
      title="This jail is not running"
      action={<ButtonLink href={`/activity?jail=${encodeURIComponent(props.name)}`}>Earlier bans</ButtonLink>}
    >
      It has no active bans.
    </EmptyState>
  )
}
