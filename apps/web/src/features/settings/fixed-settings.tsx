import type { SettingInfo } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { Card } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { settingsQueries } from './queries.ts'
import styles from './settings.module.css'
import { SourceBadge } from './source-badge.tsx'

const connection: Readonly<Record<string, string>> = {
  fail2banSocket: 'Socket',
  fail2banConfigDir: 'Configuration folder',
  fail2banClient: 'Client',
  fail2banStartCommand: 'Start command',
  configWrite: 'May change the configuration',
  readOnly: 'Read-only',
}

const labels: Readonly<Record<string, string>> = {
  ...connection,
  host: 'Listens on',
  port: 'Port',
  publicUrl: 'Public address',
  basePath: 'Base path',
  dataDir: 'Data folder',
  databaseUrl: 'Database',
  workers: 'Workers',
  trustProxy: 'Trusted proxies',
  logDirs: 'Log folders that may be read',
  geoFile: 'File of countries and networks',
  geoServiceUrl: 'Country lookup service',
  allowPrivateUrls: 'Private addresses that may be reached',
  logLevel: 'Log level',
  nodeName: 'Name of this host',
}

const writeWords: Readonly<Record<string, string>> = {
  off: 'Nothing',
  jails: 'Jails, but not the commands that fail2ban runs',
  all: 'Everything, also the commands that fail2ban runs',
}

/** Returns a value as text; undefined: it is shown as it is. */
function wordsOf(setting: SettingInfo): string | undefined {
  if (setting.value === null || setting.value === '') return 'not set'
  if (typeof setting.value === 'boolean') return setting.value ? 'Yes' : 'No'
  return setting.key === 'configWrite' ? writeWords[String(setting.value)] : undefined
}

/** A command is stored as a JSON array, but shown as a command line. */
function shownText(value: SettingInfo['value']): string {
  const text = String(value)
  if (!text.startsWith('[')) return text
  try {
    const words: unknown = JSON.parse(text)
    return Array.isArray(words) ? words.join(' ') : text
  } catch {
    // not JSON: shown as it is
    return text
  }
}

const columns: readonly Column<SettingInfo>[] = [
  {
    key: 'name',
    header: 'Setting',
    width: '34%',
    cell: (setting) => (
      <span class={styles['name']}>
        {labels[setting.key] ?? setting.key}
        <Show when={setting.variable}>
          <code class={styles['faint']}>{setting.variable}</code>
        </Show>
      </span>
    ),
  },
  {
    key: 'value',
    header: 'Value',
    card: 'line',
    cell: (setting) => (
      <Show when={wordsOf(setting)} fallback={<span class={styles['mono']}>{shownText(setting.value)}</span>}>
        {(words) => <span class={words() === 'not set' ? styles['faint'] : undefined}>{words()}</span>}
      </Show>
    ),
  },
  {
    key: 'source',
    header: 'Source',
    width: '120px',
    card: 'corner',
    cell: (setting) => <SourceBadge setting={setting} />,
  },
]

/** The settings of the connection to fail2ban; only the host's environment can change them. */
export const ConnectionCard = (): JSX.Element => (
  <FixedSettings
    title="Connection"
    description="How BanGUI reaches fail2ban. Read-only here, because changing it would grant root access. Set it in the environment of the host."
    includes={(setting) => setting.key in connection}
  />
)

/** Further settings that are read at the start. */
export const EnvironmentCard = (): JSX.Element => (
  <FixedSettings
    title="Environment"
    description="Read when BanGUI starts. To change a setting, set its variable and restart BanGUI."
    includes={(setting) => !setting.runtime && !(setting.key in connection)}
  />
)

function FixedSettings(props: {
  title: string
  description: string
  includes: (setting: SettingInfo) => boolean
}): JSX.Element {
  const api = useApi()
  const settings = useQuery(() => settingsQueries.settings(api))
  return (
    <Card title={props.title} description={props.description} flush>
      <Loaded
        query={settings}
        what="The settings"
        fallback={<DataTable caption={props.title} columns={columns} rows={undefined} />}
      >
        {(data) => (
          <DataTable
            caption={props.title}
            columns={columns}
            rows={data().filter((setting) => props.includes(setting))}
          />
        )}
      </Loaded>
    </Card>
  )
}
