import type { EffectiveSetting } from '@bangui/shared'
import { createSignal, type JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { checkValue } from './check-value.ts'
import type { SettingsPart } from './config-part.ts'
import type { Draft } from './draft.ts'
import { editIn, type FieldContext } from './field-context.ts'
import { ValueField } from './value-field.tsx'
import { defaultOf, type SettingLine } from './group-settings.ts'
import styles from './setting-editor.module.css'

export type SettingEditorProps = {
  part: SettingsPart
  line: SettingLine
  /** as the draft leaves it */
  drafted: EffectiveSetting | undefined
  name: string
  draft: Draft
  context: FieldContext
  /** undefined: any value can be typed */
  choices: readonly string[] | undefined
  onClose: () => void
}

/** A form for one setting: what is typed is checked, and goes into the draft. */
export function SettingEditor(props: SettingEditorProps): JSX.Element {
  const start = () => {
    const edit = props.draft.findSetting(props.part, props.line)
    return edit?.value ?? startOf(props)
  }
  const [value, setValue] = createSignal(start())
  const problem = () => whyNot(props, value())
  const add = () => {
    props.draft.add(editIn(props.context, props.line, value()))
    props.onClose()
  }
  return (
    <form
      ref={focusFirst}
      class={styles['form']}
      aria-label={`Change ${props.name}`}
      onSubmit={(event) => {
        event.preventDefault()
        if (problem() === undefined) add()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') props.onClose()
      }}
    >
      <ValueField
        line={props.line}
        name={props.name}
        context={props.context}
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
      </div>
    </form>
  )
}

/** The button that opened the form is gone, and the focus with it. */
const focusFirst = (form: HTMLFormElement) =>
  queueMicrotask(() => {
    if (!form.contains(document.activeElement))
      form.querySelector<HTMLElement>('input, select, textarea, button')?.focus()
  })

/** A value as it is written; where only plain values are allowed, with everything filled in. */
function startOf({ line, part, context, drafted }: SettingEditorProps): string {
  const setting = drafted ?? line.setting
  const written = setting?.raw ?? setting?.value ?? defaultOf(line) ?? ''
  // the filter of a jail is named by the jail itself
  const isFilter = part.kind === 'jail' && line.key === 'filter'
  const mayRefer = line.key === 'action' || (context.sources.write === 'all' && !isFilter)
  return mayRefer || part.kind === 'default' || !written.includes('%(')
    ? written
    : fallbackOf({ ...line, setting }, written)
}

/** The entries of a list are shown as they are written. */
const fallbackOf = ({ key, setting }: SettingLine, written: string): string =>
  key === 'ignoreip' ? written : (setting?.value ?? written)

/** Where everything may be changed, a value may refer to other options. */
function whyNot({ line, context }: SettingEditorProps, value: string): string | undefined {
  // each entry of a list is checked when it is added, and each parameter of an action at its field
  if (line.key === 'ignoreip' || line.key === 'action') return checkValue(value, undefined)
  const mayRefer = context.sources.write === 'all' && value.includes('%(')
  return checkValue(value, mayRefer ? undefined : line.option)
}
