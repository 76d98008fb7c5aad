import { showHidden } from '@bangui/shared'
import type { RouterOutputs } from '@bangui/server/router'
import { type JSX, Show } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import type { Vocabulary } from './complete-ini.ts'
import type { Draft } from './draft.ts'
import { createDraftText } from './draft-text.ts'
import { removeFromDraft } from './draft-undo.ts'
import styles from './file-view.module.css'
import { TextView } from './text-view.tsx'
import { isOwn } from './tree-items.ts'

type ConfigFile = RouterOutputs['config']['file']

export type FileEditorProps = {
  /** it never changes: another file has an editor of its own */
  path: string
  /** the file on disk; undefined: there is none */
  disk: ConfigFile | undefined
  /** undefined: nobody may change it here */
  draft: Draft | undefined
  /** the line to show first, from 1 */
  line: number | undefined
  vocabulary: Vocabulary | undefined
  /** why it can only be read, as a sentence; undefined: the file itself says it */
  why?: string | undefined
}

/** The text of a file as the draft leaves it; what is typed goes into the draft. */
export function FileEditor(props: FileEditorProps): JSX.Element {
  const mayEdit = () =>
    props.draft !== undefined &&
    props.why === undefined &&
    (props.disk === undefined ? isOwn(props.path) : isEditable(props.disk))
  // oxlint-disable-next-line solid/reactivity -- each file has an editor of its own
  const text = createDraftText({ path: props.path, disk: () => props.disk, draft: () => props.draft })
  return (
    <>
      <div class={styles['tools']}>
        <span class={styles['state']} role="status">
          <Show when={mayEdit()} fallback={props.why ?? readOnlyWords(props)}>
            {text.isDrafted()
              ? 'This text is in the draft, not in the file.'
              : props.disk === undefined
                ? 'This file does not exist yet.'
                : 'This is the file on disk. Your edits go into the draft.'}
          </Show>
        </span>
        <Show when={text.edit()}>
          {(edit) => (
            <Button
              size="sm"
              variant="ghost"
              onClick={() => {
                text.forget()
                if (props.draft) removeFromDraft(props.draft, edit())
              }}
            >
              Remove from the draft
            </Button>
          )}
        </Show>
      </div>
      <TextView
        text={text.text()}
        label={`Text of ${showHidden(props.path)}`}
        line={props.line}
        messages={text.messages()}
        vocabulary={() => props.vocabulary}
        {...(mayEdit() && { onChange: (next: string) => text.type(next) })}
      />
    </>
  )
}

/** fail2ban's own files are replaced by its updates: settings go into others. */
const isEditable = ({ path, text, isCut, encoding, hidden }: ConfigFile): boolean =>
  isOwn(path) && !isCut && encoding === 'utf-8' && hidden !== true && hasOneLineEnd(text)

function readOnlyWords({ path, draft }: FileEditorProps): string {
  if (draft === undefined) return 'This file can only be read here.'
  return isOwn(path)
    ? 'BanGUI cannot change this file.'
    : 'This file comes with fail2ban and is replaced by its updates. Put your own values into files that end in .local.'
}

/** The editor would make different line ends alike. */
const hasOneLineEnd = (text: string) => !text.includes('\r') || !/[^\r]\n|^\n|\r(?!\n)/.test(text)
