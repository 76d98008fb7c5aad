import { type ComparedEdit, type Edit, showHidden } from '@bangui/shared'
import X from 'lucide-solid/icons/x'
import { type JSX, Show } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { describeEdit } from './describe-edit.ts'
import type { Draft } from './draft.ts'
import styles from './draft-panel.module.css'
import { removeFromDraft } from './draft-undo.ts'

export type DraftEditProps = {
  draft: Draft
  edit: Edit
  /** undefined: it is not compared with the files yet */
  compared: ComparedEdit | undefined
}

/** One edit of the draft, with what is to be decided about it. */
export function DraftEdit(props: DraftEditProps): JSX.Element {
  return (
    <li class={styles['item']}>
      <div class={styles['line']}>
        <span class={styles['edit']}>{describeEdit(props.edit)}</span>
        <IconButton
          size="sm"
          label={`Remove from the draft: ${describeEdit(props.edit)}`}
          icon={<X />}
          onClick={() => removeFromDraft(props.draft, props.edit)}
        />
      </div>
      <Show when={props.compared?.problem}>
        {(problem) => <p class={styles['problem']}>{showHidden(problem().message)}</p>}
      </Show>
      <Show when={props.compared?.changed}>
        {(changed) => <Changed draft={props.draft} edit={props.edit} now={changed().now} />}
      </Show>
    </li>
  )
}

/** Somebody has changed what the edit was made on. */
function Changed(props: { draft: Draft; edit: Edit; now: string | null }): JSX.Element {
  const keep = () => {
    if (props.edit.kind === 'set' || props.edit.kind === 'file')
      props.draft.replace({ ...props.edit, base: props.now })
  }
  return (
    <div class={styles['changed']} role="note">
      <p>
        <Show when={props.edit.kind === 'set' && props.edit} fallback={describeFile(props.edit, props.now)}>
          {(edit) => (
            <>
              Somebody has changed this option since: it was <Value value={edit().base ?? null} /> and is now{' '}
              <Value value={props.now} />. With your change, it becomes <Value value={edit().value} />.
            </>
          )}
        </Show>
      </p>
      <div class={styles['choices']}>
        <Button size="sm" onClick={keep}>
          Keep mine
        </Button>
        <Button size="sm" variant="ghost" onClick={() => removeFromDraft(props.draft, props.edit)}>
          Take theirs
        </Button>
      </div>
    </div>
  )
}

function Value(props: { value: string | null }): JSX.Element {
  return (
    <Show when={props.value !== null} fallback="not set">
      <code>{props.value === '' ? '(empty)' : showHidden(props.value ?? '')}</code>
    </Show>
  )
}

function describeFile(edit: Edit, now: string | null): string {
  if (now === null) return 'Somebody has removed this file since. Your change would create it again.'
  if (edit.kind === 'file' && edit.base === null)
    return 'Somebody has created this file since. Your text would replace theirs; the difference shows how.'
  return 'Somebody has changed this file since. Your text would replace the present file; the difference shows how.'
}
