import { showHidden } from '@bangui/shared'
import { type JSX, Match, Switch, untrack } from 'solid-js'
import { createDebounced } from '../../lib/debounced.ts'
import { Select } from '../../ui/select.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { isYesWord, type SettingLine } from './group-settings.ts'
import { LogStatus } from './log-status.tsx'
import { meaningOf } from './setting-value.tsx'
import { ActionsField } from './actions-field.tsx'
import { type FieldContext, filledIn } from './field-context.ts'
import styles from './fields.module.css'
import { FilterField } from './filter-field.tsx'
import { IgnoreField } from './ignore-field.tsx'

export type ValueFieldProps = {
  line: SettingLine
  name: string
  context: FieldContext
  /** undefined: any value can be typed */
  choices: readonly string[] | undefined
  value: string
  problem: string | undefined
  onChange: (value: string) => void
}

const manyLines = new Set(['list', 'paths', 'regexes', 'command', 'references'])

/** How long a path must be left alone before its files are looked at, in milliseconds. */
const PAUSE_MS = 600

/** The control that fits an option. */
export function ValueField(props: ValueFieldProps): JSX.Element {
  const option = () => props.line.option
  const isJail = () => props.context.part.kind === 'jail'
  const isOfJails = () => isJail() || props.context.part.kind === 'default'
  // it stays what it is while somebody types
  const isLong = untrack(() => manyLines.has(option()?.type ?? '') || props.value.includes('\n'))
  return (
    <Switch fallback={<PlainField {...props} />}>
      <Match when={option()?.type === 'switch'}>
        <Select
          label={props.name}
          hideLabel
          value={isYesWord(filledIn(props.context, props.value)) ? 'true' : 'false'}
          options={[
            { value: 'true', label: 'Yes' },
            { value: 'false', label: 'No' },
          ]}
          onChange={props.onChange}
        />
      </Match>
      <Match when={isJail() && props.line.key === 'filter'}>
        <FilterField {...props} />
      </Match>
      <Match when={isOfJails() && props.line.key === 'action'}>
        <ActionsField {...props} />
      </Match>
      <Match when={isOfJails() && props.line.key === 'ignoreip'}>
        <IgnoreField {...props} />
      </Match>
      <Match when={isJail() && (props.line.key === 'logpath' || props.line.key === 'journalmatch')}>
        <SourceField {...props} />
      </Match>
      <Match when={props.choices}>{(choices) => <ChoiceField {...props} choices={choices()} />}</Match>
      <Match when={isLong}>
        <LongField {...props} />
      </Match>
    </Switch>
  )
}

function PlainField(props: ValueFieldProps): JSX.Element {
  const option = () => props.line.option
  return (
    <TextField
      ref={focusSoon}
      label={props.name}
      hideLabel
      mono
      value={props.value}
      unit={option()?.type === 'seconds' ? undefined : option()?.unit}
      description={meaningOf(props.value, option())}
      error={props.problem}
      onChange={props.onChange}
    />
  )
}

function ChoiceField(props: ValueFieldProps & { choices: readonly string[] }): JSX.Element {
  const labelOf = (value: string) => {
    if (value === '') return '(empty)'
    const filled = filledIn(props.context, value)
    return filled === value ? showHidden(value) : `${showHidden(value)}, now ${showHidden(filled)}`
  }
  return (
    <Select
      label={props.name}
      hideLabel
      value={props.value}
      options={[...new Set([props.value, ...props.choices])].map((value) => ({
        value,
        label: labelOf(value),
      }))}
      error={props.problem}
      onChange={props.onChange}
    />
  )
}

function LongField(props: ValueFieldProps): JSX.Element {
  return (
    <TextArea
      label={props.name}
      hideLabel
      autofocus
      rows={Math.min(12, Math.max(2, props.value.split('\n').length))}
      value={props.value}
      error={props.problem}
      onChange={props.onChange}
    />
  )
}

/** Log files or entries of the journal, with what matches in them now. */
function SourceField(props: ValueFieldProps): JSX.Element {
  const typed = createDebounced(() => filledIn(props.context, props.value), PAUSE_MS)
  const isJournal = () => props.line.key === 'journalmatch'
  const filter = () => {
    const { part } = props.context
    return part.kind === 'jail' ? { jail: part.name } : undefined
  }
  return (
    <div class={styles['stack']}>
      <LongField {...props} />
      <LogStatus
        paths={
          isJournal()
            ? []
            : typed()
                .split('\n')
                .filter((path) => path.trim() !== '')
        }
        journal={isJournal() ? typed().trim() || undefined : undefined}
        filter={filter()}
      />
    </div>
  )
}

const focusSoon = (input: HTMLInputElement) => queueMicrotask(() => input.focus())
