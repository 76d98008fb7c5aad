import { useSearchParams } from '@solidjs/router'
import type { JSX } from 'solid-js'
import { QueryProvider } from '../../api/query-provider.tsx'
import { Page } from '../../ui/page.tsx'
import { type Tab, Tabs } from '../../ui/tabs.tsx'
import { AboutCard } from './about-card.tsx'
import { ConnectionCard, EnvironmentCard } from './fixed-settings.tsx'
import { DaemonControl } from './daemon-control.tsx'
import { ExecutorCard } from './executor-card.tsx'
import { GeoCard } from './geo-card.tsx'
import { JobsCard } from './jobs-card.tsx'
import { PasswordForm } from './password-form.tsx'
import { RuntimeSettingsCard } from './runtime-settings.tsx'
import { SessionsCard } from './sessions-card.tsx'
import styles from './settings.module.css'

type TabName = 'general' | 'fail2ban' | 'account' | 'system'

const stack = (children: () => JSX.Element) => () => <div class={styles['stack']}>{children()}</div>

const tabs: readonly Tab<TabName>[] = [
  {
    value: 'general',
    label: 'General',
    content: stack(() => (
      <>
        <RuntimeSettingsCard />
        <GeoCard />
      </>
    )),
  },
  {
    value: 'fail2ban',
    label: 'fail2ban',
    content: stack(() => (
      <>
        <DaemonControl />
        <ConnectionCard />
      </>
    )),
  },
  {
    value: 'account',
    label: 'Account',
    content: stack(() => (
      <>
        <SessionsCard />
        <PasswordForm />
      </>
    )),
  },
  {
    value: 'system',
    label: 'System',
    content: stack(() => (
      <>
        <JobsCard />
        <ExecutorCard />
        <EnvironmentCard />
        <AboutCard />
      </>
    )),
  },
]

/** The settings that can be changed while BanGUI runs, and those that are read at its start. */
export function SettingsPage(): JSX.Element {
  const [params, setParams] = useSearchParams<{ tab?: string }>()
  const tab = () => tabs.find((each) => each.value === params.tab)?.value ?? 'general'
  return (
    <QueryProvider>
      <Page title="Settings" width="reading">
        <Tabs<TabName>
          label="Settings"
          value={tab()}
          tabs={tabs}
          onChange={(value) => setParams({ tab: value === 'general' ? undefined : value }, { scroll: false })}
        />
      </Page>
    </QueryProvider>
  )
}
