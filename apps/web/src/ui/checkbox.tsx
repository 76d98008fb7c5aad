import { showHidden } from '@bangui/shared'
import { createEffect, type JSX, Show } from 'solid-js'
import styles from './checkbox.module.css'

export type CheckboxProps = {
  label: JSX.Element
  checked: boolean
  /** some of what it stands for is chosen */
  partly?: boolean
  /** `shift` is held: a range is meant */
  onChange: (checked: boolean, shift: boolean) => void
  /** its name for everyone, where `label` is not shown */
  name?: string
  disabled?: boolean
}

/** Chosen or not; with `name` instead of a label in sight it is as large as a row's touch target. */
export function Checkbox(props: CheckboxProps): JSX.Element {
  let input: HTMLInputElement | undefined
  createEffect(() => {
    if (input) input.indeterminate = props.partly ?? false
  })
  return (
    <label class={styles['box']}>
      <input
        ref={(element) => (input = element)}
        class={styles['input']}
        type="checkbox"
        checked={props.checked}
        disabled={props.disabled}
        aria-label={props.name === undefined ? undefined : showHidden(props.name)}
        onClick={(event) => {
          const wanted = event.currentTarget.checked
          props.onChange(wanted, event.shiftKey)
          // it shows its property, not the click
          event.currentTarget.checked = props.checked
        }}
      />
      <Show when={!props.name}>
        <span class={styles['label']}>{props.label}</span>
      </Show>
    </label>
  )
}
