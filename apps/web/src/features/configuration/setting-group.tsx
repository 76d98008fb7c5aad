import { showHidden } from '@bangui/shared'
import ChevronRight from 'lucide-solid/icons/chevron-right'
import { createSignal, createUniqueId, For, type JSX, Show } from 'solid-js'
import { plural } from '../../lib/format.ts'
import { Card } from '../../ui/card.tsx'
import type { SettingGroup, SettingLine } from './group-settings.ts'
import styles from './setting-row.module.css'

export type SettingGroupCardProps = {
  group: SettingGroup
  /** whether a setting is shown without being asked for */
  isShown: (line: SettingLine) => boolean
  row: (line: SettingLine) => JSX.Element
  /** shown below the settings of longer bans */
  chart: JSX.Element
}

/** Settings that belong together; those that few people need are folded away. */
export function SettingGroupCard(props: SettingGroupCardProps): JSX.Element {
  const usual = () => props.group.lines.filter(props.isShown)
  const rest = () => props.group.lines.filter((line) => !props.isShown(line))
  return (
    <Card title={showHidden(props.group.title)} flush>
      <div class={styles['rows']}>
        <For each={usual()}>{(line) => props.row(line)}</For>
        <Show when={props.group.lines.some(({ key }) => key === 'bantime.increment')}>{props.chart}</Show>
        <Show when={rest().length > 0}>
          <Folded label={plural(rest().length, usual().length === 0 ? 'setting' : 'more setting')}>
            <For each={rest()}>{(line) => props.row(line)}</For>
          </Folded>
        </Show>
      </div>
    </Card>
  )
}

function Folded(props: { label: string; children: JSX.Element }): JSX.Element {
  const id = createUniqueId()
  const [isOpen, setOpen] = createSignal(false)
  return (
    <>
      <button
        type="button"
        class={styles['fold']}
        aria-expanded={isOpen()}
        aria-controls={isOpen() ? id : undefined}
        onClick={() => setOpen(!isOpen())}
      >
        <ChevronRight class={styles['chevron']} aria-hidden="true" />
        {props.label}
      </button>
      <Show when={isOpen()}>
        <div class={styles['rows']} id={id}>
          {props.children}
        </div>
      </Show>
    </>
  )
}
