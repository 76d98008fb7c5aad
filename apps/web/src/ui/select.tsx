import ChevronsUpDown from 'lucide-solid/icons/chevrons-up-down'
import { For, type JSX, splitProps } from 'solid-js'
import { createFieldIds, Field, type FieldProps } from './field.tsx'
import styles from './select.module.css'

export type SelectOption<TValue extends string> = { value: TValue; label: string; disabled?: boolean }

export type SelectProps<TValue extends string> = FieldProps & {
  value: TValue
  options: readonly SelectOption<TValue>[]
  onChange: (value: TValue) => void
  disabled?: boolean
  name?: string
}

/** A choice from a list: the browser's own control, so that it is at home on a phone too. */
export function Select<TValue extends string>(props: SelectProps<TValue>): JSX.Element {
  const [field] = splitProps(props, ['label', 'description', 'error', 'hideLabel'])
  const ids = createFieldIds(field)
  const choose = (value: string) => {
    const option = props.options.find((each) => each.value === value)
    if (option) props.onChange(option.value)
  }
  return (
    <Field field={field} ids={ids}>
      <div class={styles['box']}>
        <select
          class={styles['select']}
          id={ids.input}
          name={props.name}
          disabled={props.disabled}
          aria-invalid={props.error ? true : undefined}
          aria-describedby={ids.describedBy()}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          <For each={props.options}>
            {(option) => (
              <option value={option.value} selected={option.value === props.value} disabled={option.disabled}>
                {option.label}
              </option>
            )}
          </For>
        </select>
        <ChevronsUpDown class={styles['icon']} aria-hidden="true" />
      </div>
    </Field>
  )
}
