import { showHidden } from '@bangui/shared'
import ChevronDown from 'lucide-solid/icons/chevron-down'
import { createMemo, For, type JSX, splitProps } from 'solid-js'
import { createFieldIds, Field, type FieldProps } from './field.tsx'
import styles from './select.module.css'

export type SelectOption = { value: string; label: string }

export type SelectProps = FieldProps & {
  value: string
  options: readonly SelectOption[]
  onChange: (value: string) => void
  disabled?: boolean
}

/** A choice from a list, with the platform's own control, which works well on phones and with screen readers. */
export function Select(props: SelectProps): JSX.Element {
  const [field] = splitProps(props, ['label', 'description', 'error', 'hideLabel'])
  const ids = createFieldIds(field)
  const labels = createMemo(() => new Map(props.options.map(({ value, label }) => [value, label])))
  return (
    <Field field={field} ids={ids}>
      <div class={styles['box']}>
        <select
          class={styles['select']}
          id={ids.input}
          disabled={props.disabled}
          aria-invalid={props.error ? true : undefined}
          aria-describedby={ids.describedBy()}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        >
          {/* by value: a list that is open closes when its options are made anew */}
          <For each={[...labels().keys()]}>
            {(value) => (
              <option value={value} selected={value === props.value}>
                {showHidden(labels().get(value) ?? '')}
              </option>
            )}
          </For>
        </select>
        <ChevronDown class={styles['arrow']} aria-hidden="true" />
      </div>
    </Field>
  )
}
