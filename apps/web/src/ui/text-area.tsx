import { type JSX, splitProps } from 'solid-js'
import { createFieldIds, Field, type FieldProps } from './field.tsx'
import styles from './text-area.module.css'

export type TextAreaProps = FieldProps & {
  value: string
  onChange: (value: string) => void
  placeholder?: string
  /** number of visible lines. @default 4 */
  rows?: number
  disabled?: boolean
  autofocus?: boolean
}

/** Lines of addresses, patterns or the like, in a monospace face. */
export function TextArea(props: TextAreaProps): JSX.Element {
  const [field] = splitProps(props, ['label', 'description', 'error', 'hideLabel'])
  const ids = createFieldIds(field)
  return (
    <Field field={field} ids={ids}>
      <textarea
        class={styles['area']}
        id={ids.input}
        rows={props.rows ?? 4}
        value={props.value}
        placeholder={props.placeholder}
        disabled={props.disabled}
        autofocus={props.autofocus}
        autocapitalize="none"
        autocomplete="off"
        spellcheck={false}
        aria-invalid={props.error ? true : undefined}
        aria-describedby={ids.describedBy()}
        onInput={(event) => props.onChange(event.currentTarget.value)}
      />
    </Field>
  )
}
