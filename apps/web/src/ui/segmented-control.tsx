import { createUniqueId, For, type JSX, Show } from 'solid-js'
import styles from './segmented-control.module.css'

export type Segment<TValue extends string> = { value: TValue; label: string; icon?: JSX.Element }

export type SegmentedControlProps<TValue extends string> = {
  /** the name of the group, for screen readers */
  label: string
  value: TValue
  segments: readonly Segment<TValue>[]
  onChange: (value: TValue) => void
  /** shows only the icons; the labels become tooltips */
  iconOnly?: boolean
}

/** A choice of a few options, all visible: a radio group. */
export function SegmentedControl<TValue extends string>(props: SegmentedControlProps<TValue>): JSX.Element {
  const name = createUniqueId()
  return (
    <fieldset class={styles['group']}>
      <legend class={styles['legend']}>{props.label}</legend>
      <For each={props.segments}>
        {(segment) => (
          <label class={styles['segment']} data-tooltip={props.iconOnly ? segment.label : undefined}>
            <input
              class={styles['input']}
              type="radio"
              name={name}
              value={segment.value}
              checked={segment.value === props.value}
              aria-label={props.iconOnly ? segment.label : undefined}
              onChange={() => props.onChange(segment.value)}
            />
            <Show when={segment.icon}>
              <span class={styles['icon']}>{segment.icon}</span>
            </Show>
            <Show when={!props.iconOnly}>{segment.label}</Show>
          </label>
        )}
      </For>
    </fieldset>
  )
}
