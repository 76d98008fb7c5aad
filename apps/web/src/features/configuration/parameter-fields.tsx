import { type Reference, showHidden } from '@bangui/shared'
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js'
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
  context: FieldContext
  onChange: (text: string) => void
}

/** A field for each parameter of a filter or an action; an empty field leaves the parameter to the filter or the action. */
export function ParameterFields(props: ParameterFieldsProps): JSX.Element {
  const keys = createMemo(() => [
    ...new Set([...props.known.map(({ key }) => key), ...props.reference.parameters.keys()]),
  ])
  // a field that is emptied stays where it is
  // oxlint-disable-next-line solid/reactivity -- the start only
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
  const change = (next: string) => {
    const found = next === '' ? undefined : whyNotParameter(props.context, props.key, next)
    const text = withParameter(props.reference, props.key, next === '' ? undefined : next)
    setProblem(
      text === undefined
        ? 'The value cannot contain both kinds of quotes, or begin or end with a space.'
        : found,
    )
    if (text !== undefined) props.onChange(text)
  }
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
        <TextField
          label={label()}
          mono
          value={value()}
          description={description()}
          error={problem()}
          onChange={change}
        />
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
function whyNotParameter({ options }: FieldContext, key: string, value: string): string | undefined {
  if (/%\(|</.test(value)) return undefined
  const option = options.jail.find((each) => each.key === key && each.isVariable === true)
  return checkValue(value, option?.privilege === 'guarded' ? option : undefined)
}
