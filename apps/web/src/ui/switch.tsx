import { createUniqueId, type JSX, Show } from 'solid-js'
import styles from './switch.module.css'

export type SwitchProps = {
  checked: boolean
  /** the switch shows `checked`, not the click, so a refused change switches it back */
  onChange: (checked: boolean) => void
  label: string
  description?: JSX.Element
  hideLabel?: boolean
  disabled?: boolean
  /** the change is in progress */
  busy?: boolean
}

/** A setting that is on or off and takes effect at once. */
export function Switch(props: SwitchProps): JSX.Element {
  const id = createUniqueId()
  const describedBy = () => (props.description ? `${id}-description` : undefined)
  return (
    <div class={styles['row']}>
      <button
        class={styles['switch']}
        type="button"
        role="switch"
        id={id}
        aria-checked={props.checked}
        aria-label={props.hideLabel ? props.label : undefined}
        aria-labelledby={props.hideLabel ? undefined : `${id}-label`}
        aria-describedby={describedBy()}
        aria-busy={props.busy ? true : undefined}
        aria-disabled={props.busy ? true : undefined}
        disabled={props.disabled}
        onClick={() => {
          if (!props.busy) props.onChange(!props.checked)
        }}
      >
        <span class={styles['track']}>
          <span class={styles['thumb']} />
        </span>
      </button>
      <Show when={!props.hideLabel}>
        <div>
          <label class={styles['label']} id={`${id}-label`} for={id}>
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
