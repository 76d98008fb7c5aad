import Eye from 'lucide-solid/icons/eye'
import EyeOff from 'lucide-solid/icons/eye-off'
import { createSignal, type JSX, Show, splitProps } from 'solid-js'
import { createFieldIds, Field, type FieldProps } from './field.tsx'
import styles from './text-field.module.css'

export type TextFieldProps = FieldProps & {
  value: string
  onChange: (value: string) => void
  /** a password can be revealed. @default 'text' */
  type?: 'text' | 'password' | 'search' | 'email' | 'url' | 'datetime-local'
  name?: string
  autocomplete?: string
  placeholder?: string
  inputMode?: 'text' | 'numeric' | 'decimal' | 'search'
  /** shown after the value, such as "seconds" */
  unit?: string
  /** a monospace face, for addresses, tokens and patterns */
  mono?: boolean
  required?: boolean
  disabled?: boolean
  autofocus?: boolean
  /** switches off automatic capitalisation and spell checking. @default true for passwords and mono */
  plain?: boolean
  ref?: (input: HTMLInputElement) => void
  onBlur?: () => void
}

/** A line of text with its label, description and error. */
export function TextField(props: TextFieldProps): JSX.Element {
  const [field] = splitProps(props, ['label', 'description', 'error', 'hideLabel'])
  const ids = createFieldIds(field)
  const [revealed, setRevealed] = createSignal(false)
  const plain = () => props.plain ?? (props.mono || props.type === 'password')
  const type = () => (props.type === 'password' && revealed() ? 'text' : (props.type ?? 'text'))
  return (
    <Field field={field} ids={ids}>
      <div
        class={styles['box']}
        data-invalid={props.error ? '' : undefined}
        data-disabled={props.disabled ? '' : undefined}
      >
        <input
          ref={(element) => props.ref?.(element)}
          class={styles['input']}
          data-mono={props.mono ? '' : undefined}
          id={ids.input}
          type={type()}
          name={props.name}
          value={props.value}
          autocomplete={props.autocomplete}
          placeholder={props.placeholder}
          inputmode={props.inputMode}
          required={props.required}
          disabled={props.disabled}
          autofocus={props.autofocus}
          autocapitalize={plain() ? 'none' : undefined}
          spellcheck={plain() ? false : undefined}
          aria-invalid={props.error ? true : undefined}
          aria-describedby={ids.describedBy()}
          onInput={(event) => props.onChange(event.currentTarget.value)}
          onBlur={() => props.onBlur?.()}
        />
        <Show when={props.unit}>
          <span class={styles['unit']}>{props.unit}</span>
        </Show>
        <Show when={props.type === 'password'}>
          <button
            class={styles['reveal']}
            type="button"
            aria-label={`Show ${props.label.toLowerCase()}`}
            aria-pressed={revealed()}
            onClick={() => setRevealed(!revealed())}
          >
            <Show when={revealed()} fallback={<Eye />}>
              <EyeOff />
            </Show>
          </button>
        </Show>
      </div>
    </Field>
  )
}
