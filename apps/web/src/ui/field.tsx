import { createUniqueId, type JSX, Show } from 'solid-js'
import styles from './field.module.css'

export type FieldProps = {
  label: string
  /** what it is for; stays while there is an error */
  description?: JSX.Element
  /** what is wrong and how to correct it */
  error?: JSX.Element
  /** shows the label to screen readers only */
  hideLabel?: boolean
}

export type FieldIds = { input: string; describedBy: () => string | undefined }

/** Returns ids that connect a control with its label, description and error. */
export function createFieldIds(props: FieldProps): FieldIds {
  const input = createUniqueId()
  const describedBy = () =>
    [props.description && `${input}-description`, props.error && `${input}-error`]
      .filter(Boolean)
      .join(' ') || undefined
  return { input, describedBy }
}

/** A control with its label above and its description and error below. */
export function Field(props: { field: FieldProps; ids: FieldIds; children: JSX.Element }): JSX.Element {
  return (
    <div class={styles['field']}>
      <label
        class={styles['label']}
        data-hidden={props.field.hideLabel ? '' : undefined}
        for={props.ids.input}
      >
        {props.field.label}
      </label>
      {props.children}
      <Show when={props.field.description}>
        <p class={styles['description']} id={`${props.ids.input}-description`}>
          {props.field.description}
        </p>
      </Show>
      <p class={styles['error']} id={`${props.ids.input}-error`} aria-live="polite">
        {props.field.error}
      </p>
    </div>
  )
}
