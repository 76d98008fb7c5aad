import { createEffect, createUniqueId, type JSX, Show } from 'solid-js'
import styles from './checkbox.module.css'

export type CheckboxProps = {
  checked: boolean
  onChange: (checked: boolean) => void
  label: string
  description?: JSX.Element
  hideLabel?: boolean
  /** some of what it stands for is chosen */
  indeterminate?: boolean
  disabled?: boolean
  name?: string
}

/** A choice that is sent with others or selects a row. */
export function Checkbox(props: CheckboxProps): JSX.Element {
  const id = createUniqueId()
  return (
    <div class={styles['row']}>
      <input
        class={styles['box']}
        type="checkbox"
        id={id}
        name={props.name}
        checked={props.checked}
        ref={(element) => createEffect(() => (element.indeterminate = props.indeterminate ?? false))}
        disabled={props.disabled}
        aria-label={props.hideLabel ? props.label : undefined}
        aria-describedby={props.description ? `${id}-description` : undefined}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <Show when={!props.hideLabel}>
        <div>
          <label class={styles['label']} for={id}>
            {props.label}
          </label>
          <Show when={props.description}>
            <p class={styles['description']} id={`${id}-description`}>
              {props.description}
            </p>
          </Show>
        </div>
      </Show>
    </div>
  )
}
