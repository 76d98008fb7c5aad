import { plainParameters, type Reference, showHidden } from '@bangui/shared'
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { checkValue } from './check-value.ts'
import { labelOf } from './option-words.ts'
import { type FieldContext, filledIn, shownValue } from './field-context.ts'
import styles from './fields.module.css'
import { type KnownParameter, withParameter } from './reference-parameters.ts'

export type ParameterFieldsProps = {
  reference: Reference
  known: readonly KnownParameter[]
  /** the values of a parameter that are known, by name */
  choices?: Readonly<Record<string, readonly string[]>>
  /** shown without being asked for, even where it has no value */
  main: readonly string[]
  /** only the plain parameters can be changed, and each keeps a value @default false */
  isFixed?: boolean
  context: FieldContext
  onChange: (text: string) => void
}

/**
 * A field for each parameter of a filter or an action; an empty field leaves the parameter to the filter or the action, unless the
 * empty value is asked for.
 */
export function ParameterFields(props: ParameterFieldsProps): JSX.Element {
  const keys = createMemo(() => {
    const all = new Set([...props.known.map(({ key }) => key), ...props.reference.parameters.keys()])
    return [...all].filter((key) => props.isFixed !== true || plainParameters.has(key))
  })
  // oxlint-disable-next-line solid/reactivity -- as it was at first: a field that is emptied stays where it is
  const given = new Set(props.reference.parameters.keys())
  const isMain = (key: string) => given.has(key) || props.main.includes(key)
  const field = (key: string) => <ParameterField {...props} key={key} />
  return (
    <Show when={keys().length > 0}>
      <div class={styles['grid']}>
        <For each={keys().filter(isMain)}>{field}</For>
      </div>
      <Show when={keys().some((key) => !isMain(key))}>
        <Disclosure label="More parameters">
          <div class={styles['grid']}>
            <For each={keys().filter((key) => !isMain(key))}>{field}</For>
          </div>
        </Disclosure>
      </Show>
    </Show>
  )
}

function ParameterField(props: ParameterFieldsProps & { key: string }): JSX.Element {
  const [problem, setProblem] = createSignal<string>()
  const value = () => props.reference.parameters.get(props.key) ?? ''
  const fallback = () => props.known.find(({ key }) => key === props.key)?.fallback
  const [isTouched, setTouched] = createSignal(false)
  const set = (next: string | undefined) => {
    if (props.isFixed === true && !next) {
      setProblem('Enter a value.')
      return
    }
    const found = next ? whyNotParameter(props, props.key, next) : undefined
    const text = withParameter(props.reference, props.key, next)
    setProblem(
      text === undefined
        ? 'The value cannot contain both kinds of quotes, or begin or end with a space.'
        : found,
    )
    if (text !== undefined) props.onChange(text)
  }
  const change = (next: string) => set(next === '' ? undefined : next)
  const isEmpty = () => value() === '' && props.reference.parameters.has(props.key)
  const label = () => parameterLabel(props.key)
  const description = () => {
    const [own, filled] = [fallback(), filledIn(props.context, value())]
    return (
      [
        filled === value() ? undefined : `Now ${shownValue(filled)}.`,
        own === undefined ? undefined : `Default: ${shownValue(own)}`,
      ]
        .filter(Boolean)
        .join(' ') || undefined
    )
  }
  return (
    <Show
      when={props.choices?.[props.key]}
      fallback={
        <div class={styles['stack']} onFocusIn={() => setTouched(true)}>
          <TextField
            label={label()}
            mono
            value={value()}
            description={description()}
            error={problem()}
            onChange={change}
          />
          <Show when={props.isFixed !== true && value() === '' && (isTouched() || isEmpty())}>
            <Checkbox
              label={`Set ${label()} to empty`}
              checked={isEmpty()}
              onChange={(checked) => set(checked ? '' : undefined)}
            />
          </Show>
        </div>
      }
    >
      {(choices) => (
        <Select
          label={label()}
          value={value()}
          options={[
            { value: '', label: fallback() === undefined ? 'Default' : `Default (${fallback()})` },
            ...[...new Set([...choices(), value()])]
              .filter((each) => each !== '')
              .map((each) => ({ value: each, label: each })),
          ]}
          onChange={change}
        />
      )}
    </Show>
  )
}

const labels: Readonly<Record<string, string>> = {
  mode: 'Mode',
  name: 'Name in the firewall',
  blocktype: 'Way of blocking',
}

const parameterLabel = (key: string): string => labels[key] ?? labelOf(key) ?? showHidden(key)

/** A port or a protocol is checked as in a jail, unless it refers to something else. */
function whyNotParameter(
  { context: { options }, isFixed = false }: Pick<ParameterFieldsProps, 'context' | 'isFixed'>,
  key: string,
  value: string,
): string | undefined {
  const name = plainParameters.get(key)
  if (isFixed ? value === `%(${name})s` : /%\(|</.test(value)) return undefined
  const option = options.jail.find((each) => each.key === name && each.isVariable === true)
  return checkValue(value, option?.privilege === 'guarded' ? option : undefined)
}
