import type { ListedAlertChannel, ListedAlertRule } from '@bangui/shared'
import { useSearchParams } from '@solidjs/router'
import { type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { QueryProvider } from '../../api/query-provider.tsx'
import { useQuery } from '../../api/use-query.ts'
import { useCan } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Page } from '../../ui/page.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { type Tab, Tabs } from '../../ui/tabs.tsx'
import styles from './alerts.module.css'
import { ChannelsTab } from './channels-tab.tsx'
import { FirstSteps } from './first-steps.tsx'
import { IncidentDialog } from './incident-dialog.tsx'
import { IncidentsTab } from './incidents-tab.tsx'
import { MessagesTab } from './messages-tab.tsx'
import { alertQueries } from './queries.ts'
import { RulesTab } from './rules-tab.tsx'

type TabName = 'incidents' | 'rules' | 'channels' | 'messages'

/** Incidents, the rules that open them, the channels that messages go to, and what was sent. */
export function AlertsPage(): JSX.Element {
  return (
    <QueryProvider>
      <Alerts />
    </QueryProvider>
  )
}

function Alerts(): JSX.Element {
  const api = useApi()
  const live = useLive()
  const [params, setParams] = useSearchParams<{ incident?: string }>()
  const revision = () => live.runtime?.alerts.revision ?? 0
  const rules = useQuery(() => alertQueries.rules(api, revision()))
  const channels = useQuery(() => alertQueries.channels(api, revision()))
  return (
    <Page title="Alerts" description="BanGUI sends messages when problems begin and when they are resolved.">
      <Loaded query={channels} what="The channels" fallback={<Skeleton lines={8} height="24px" />}>
        {(allChannels) => (
          <Loaded query={rules} what="The rules" fallback={<Skeleton lines={8} height="24px" />}>
            {(allRules) => <Sections rules={allRules()} channels={allChannels()} revision={revision()} />}
          </Loaded>
        )}
      </Loaded>
      <Show when={params.incident} keyed>
        {(id) => (
          <IncidentDialog
            id={id}
            revision={revision()}
            onClose={() => setParams({ incident: undefined }, { scroll: false })}
          />
        )}
      </Show>
    </Page>
  )
}

type SectionsProps = {
  rules: readonly ListedAlertRule[]
  channels: readonly ListedAlertChannel[]
  revision: number
}

function Sections(props: SectionsProps): JSX.Element {
  const [params, setParams] = useSearchParams<{ tab?: string; state?: string; channel?: string }>()
  const canHandle = useCan('alerts.handle')
  const tabs = (): readonly Tab<TabName>[] => [
    {
      value: 'incidents',
      label: 'Incidents',
      content: () => (
        <div class={styles['stack']}>
          <FirstSteps rules={props.rules} channels={props.channels} />
          <IncidentsTab revision={props.revision} />
        </div>
      ),
    },
    {
      value: 'rules',
      label: 'Rules',
      content: () => <RulesTab rules={props.rules} channels={props.channels} />,
    },
    { value: 'channels', label: 'Channels', content: () => <ChannelsTab channels={props.channels} /> },
    ...(canHandle()
      ? [
          {
            value: 'messages' as const,
            label: 'Messages',
            content: () => <MessagesTab channels={props.channels} revision={props.revision} />,
          },
        ]
      : []),
  ]
  const tab = () => tabs().find(({ value }) => value === params.tab)?.value ?? 'incidents'
  return (
    <Tabs<TabName>
      label="Alerts"
      value={tab()}
      tabs={tabs()}
      onChange={(value) =>
        setParams(
          { tab: value === 'incidents' ? undefined : value, state: undefined, channel: undefined },
          { scroll: false },
        )
      }
    />
  )
}
