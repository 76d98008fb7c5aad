import { type JailSetting, showHidden } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import type { Difference } from './jail-differences.ts'
import { Card } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import styles from './jail-page.module.css'

const columnsWith = (differences: () => readonly Difference[]): readonly Column<JailSetting>[] => [
  {
    key: 'key',
    header: 'Setting',
    width: '20%',
    sortBy: (setting) => setting.key,
    cell: (setting) => <span class={styles['key']}>{setting.key}</span>,
  },
  {
    key: 'value',
    header: 'Value in the configuration',
    card: 'line',
    cell: (setting) => (
      <Show
        when={setting.value !== ''}
        fallback={
          <span class={styles['default']}>{setting.hidden ? 'for administrators only' : 'empty'}</span>
        }
      >
        <span class={styles['setting']}>{showHidden(setting.value)}</span>
        <Show when={differences().find(({ key }) => key === setting.key)}>
          {(difference) => (
            <span class={styles['differs']}>Until the next reload: {showHidden(difference().now)}</span>
          )}
        </Show>
      </Show>
    ),
  },
  {
    key: 'place',
    header: 'Comes from',
    width: '36%',
    card: 'line',
    sortBy: (setting) => setting.file,
    cell: (setting) => (
      <Show when={setting.file} fallback={<span class={styles['default']}>default of fail2ban</span>}>
        <code class={styles['place']}>
          {showHidden(setting.file ?? '')}
          <Show when={setting.line !== null}>:{setting.line}</Show>
        </code>
      </Show>
    ),
  },
]

export type JailSettingsProps = {
  title: string
  description: string
  /** undefined while loading */
  settings: readonly JailSetting[] | undefined
  /** where the running jail differs */
  differences?: readonly Difference[]
}

/** Settings of a jail in its files, each with the file and line that set it. */
export function JailSettings(props: JailSettingsProps): JSX.Element {
  return (
    <Card title={props.title} description={props.description} flush>
      <DataTable
        caption={props.title}
        columns={columnsWith(() => props.differences ?? [])}
        rows={props.settings}
        expected={8}
        empty="Not set in fail2ban's configuration."
      />
    </Card>
  )
}
