import { showHidden } from '@bangui/shared'
import { createSignal, type JSX, Match, Show, Switch, untrack } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/select.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { checkValue } from './check-value.ts'
import type { SettingsPart } from './config-part.ts'
import type { CatalogueOption } from './option-words.ts'
import { type Draft, editOf } from './draft.ts'
import { defaultOf, isYesWord, type SettingLine } from './group-settings.ts'
import { meaningOf } from './setting-value.tsx'
import styles from './setting-editor.module.css'

export type SettingEditorProps = {
  part: SettingsPart
  line: SettingLine
  name: string
  draft: Draft
  /** undefined: any value can be typed */
  choices: readonly string[] | undefined
  onClose: () => void
}

const manyLines = new Set(['list', 'paths', 'regexes', 'command', 'references'])

/** A form for one setting: what is typed is checked, and goes into the draft. */
export function SettingEditor(props: SettingEditorProps): JSX.Element {
  const start = () => {
    const edit = props.draft.findSetting(props.part, props.line)
    return edit?.value ?? props.line.setting?.raw ?? props.line.setting?.value ?? defaultOf(props.line) ?? ''
  }
  const [value, setValue] = createSignal(start())
  const problem = () => checkValue(value(), props.line.option)
  const add = (next: string | null) => {
    props.draft.add(editOf(props.part, props.line, next))
    props.onClose()
  }
  return (
    <form
      class={styles['form']}
      aria-label={`Change ${props.name}`}
      onSubmit={(event) => {
        event.preventDefault()
        if (problem() === undefined) add(value())
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') props.onClose()
      }}
    >
      <ValueField
        name={props.name}
        option={props.line.option}
        choices={props.choices}
        value={value()}
        problem={problem()}
        onChange={setValue}
      />
      <div class={styles['buttons']}>
        <Button
          type="submit"
          size="sm"
          variant="primary"
          unavailable={problem() !== undefined && 'This value is not allowed.'}
        >
          Add to draft
        </Button>
        <Button size="sm" variant="ghost" onClick={() => props.onClose()}>
          Cancel
        </Button>
        <Show when={isOwnValue(props.line)}>
          <Button size="sm" variant="ghost" onClick={() => add(null)}>
            {resetWords(props.line)}
          </Button>
        </Show>
      </div>
    </form>
  )
}

/** The control that fits the type of an option. */
function ValueField(props: {
  name: string
  option: CatalogueOption | undefined
  choices: readonly string[] | undefined
  value: string
  problem: string | undefined
  onChange: (value: string) => void
}): JSX.Element {
  // it stays what it is while somebody types
  const isLong = untrack(() => manyLines.has(props.option?.type ?? '') || props.value.includes('\n'))
  return (
    <Switch
      fallback={
        <TextField
          ref={focusSoon}
          label={props.name}
          hideLabel
          mono
          value={props.value}
          unit={props.option?.type === 'seconds' ? undefined : props.option?.unit}
          description={meaningOf(props.value, props.option)}
          error={props.problem}
          onChange={props.onChange}
        />
      }
    >
      <Match when={props.option?.type === 'switch'}>
        <Select
          label={props.name}
          hideLabel
          value={isYesWord(props.value) ? 'true' : 'false'}
          options={[
            { value: 'true', label: 'true' },
            { value: 'false', label: 'false' },
          ]}
          onChange={props.onChange}
        />
      </Match>
      <Match when={props.choices}>
        {(choices) => (
          <Select
            label={props.name}
            hideLabel
            value={props.value}
            options={[...new Set([props.value, ...choices()])].map((each) => ({
              value: each,
              label: each === '' ? '(empty)' : showHidden(each),
            }))}
            error={props.problem}
            onChange={props.onChange}
          />
        )}
      </Match>
      <Match when={isLong}>
        <TextArea
          label={props.name}
          hideLabel
          autofocus
          rows={Math.min(12, Math.max(2, props.value.split('\n').length))}
          value={props.value}
          error={props.problem}
          onChange={props.onChange}
        />
      </Match>
    </Switch>
  )
}

const focusSoon = (input: HTMLInputElement) => queueMicrotask(() => input.focus())

/** Only own files are changed, so only an own value can be taken back. */
const isOwnValue = ({ setting }: SettingLine): boolean =>
  setting?.file?.endsWith('.local') === true && setting.inherited !== true

function resetWords(line: SettingLine): string {
  const next = line.setting?.overrides[0]
  if (next === undefined) return 'Remove this value'
  return `Back to ${showHidden(next.value.length > 24 ? 'the next value' : next.value || 'empty')}`
}
