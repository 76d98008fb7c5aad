import { showHidden } from '@bangui/shared'
import { createEffect, type JSX, Show } from 'solid-js'
import styles from './checkbox.module.css'

export type CheckboxProps = {
  label: JSX.Element
  checked: boolean
  /** only some of the rows are selected */
  partly?: boolean
  /** `shift`: the key is held, which selects a range */
  onChange: (checked: boolean, shift: boolean) => void
  /** its accessible name if `label` is not shown */
  name?: string
  disabled?: boolean
}

/** A checkbox; with `name` instead of a visible label it is as large as a row's touch target. */
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
