import { type EffectiveSetting, type SetEdit, showHidden } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import type { SettingsPart } from './config-part.ts'
import type { Draft } from './draft.ts'
import { removeFromDraft } from './draft-undo.ts'
import { shownValue } from './field-context.ts'
import type { SettingLine } from './group-settings.ts'
import formStyles from './setting-editor.module.css'
import styles from './setting-row.module.css'
import { messagesOfSetting, testedMessages } from './tested-messages.ts'

export type SettingPendingProps = {
  part: SettingsPart
  line: SettingLine
  name: string
  /** the edit of the setting itself; undefined: there is none */
  edit: SetEdit | undefined
  /** as the draft leaves it; undefined: as it is, or nobody can tell */
  drafted: EffectiveSetting | undefined
  /** why the draft cannot be applied because of the setting */
  problems: readonly string[]
  draft: Draft | undefined
}

/** What the draft makes of a setting: by an edit of its own, or by a text or another part. */
export function SettingPending(props: SettingPendingProps): JSX.Element {
  const said = () => [
    ...props.problems.map((text) => ({ severity: 'error', text })),
    ...messagesOfSetting(testedMessages(props.draft), props.part, props.line).filter(
      ({ text }) => !props.problems.includes(text),
    ),
  ]
  const other = () =>
    props.edit === undefined && props.drafted?.value !== props.line.setting?.value && props.drafted
  return (
    <>
      <Show when={other()}>
        {(drafted) => (
          <p class={formStyles['pending']}>
            <span>
              With the draft: <code class={styles['text']}>{shownValue(drafted().value)}</code>
            </span>
          </p>
        )}
      </Show>
      <For each={said()}>
        {({ severity, text }) => (
          <p class={formStyles['message']} data-severity={severity}>
            {showHidden(text)}
          </p>
        )}
      </For>
      <Show when={props.edit}>
        {(edit) => (
          <Pending
            edit={edit()}
            name={props.name}
            onRemove={() => props.draft && removeFromDraft(props.draft, edit())}
          />
        )}
      </Show>
    </>
  )
}

function Pending(props: { edit: SetEdit; name: string; onRemove: () => void }): JSX.Element {
  return (
    <p class={formStyles['pending']}>
      <span>
        In the draft:{' '}
        <Show when={props.edit.value !== null} fallback="own value removed">
          <code class={styles['text']}>{showHidden(props.edit.value ?? '') || '(empty)'}</code>
        </Show>
      </span>
      <Button
        size="sm"
        variant="ghost"
        aria-label={`Remove ${props.name} from the draft`}
        onClick={() => props.onRemove()}
      >
        Remove
      </Button>
    </p>
  )
}
