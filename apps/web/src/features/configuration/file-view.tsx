import type { RouterOutputs } from '@bangui/server/router'
import { useSearchParams } from '@solidjs/router'
import { createSignal, type JSX, Show } from 'solid-js'
import { formatNumber } from '../../lib/format.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import type { Draft } from './draft.ts'
import { removeFromDraft } from './draft-undo.ts'
import styles from './file-view.module.css'
import { TextView } from './text-view.tsx'
import { isOwn } from './tree-items.ts'

type ConfigFile = RouterOutputs['config']['file']

export type FileViewProps = {
  file: ConfigFile
  /** undefined: nobody may change it here */
  draft: Draft | undefined
}

/** The text of one file of the configuration. */
export function FileView(props: FileViewProps): JSX.Element {
  const [params] = useSearchParams<{ line?: string }>()
  const [typed, setTyped] = createSignal<string>()
  const line = () => {
    const number = Number(params.line)
    return Number.isInteger(number) && number > 0 ? number : undefined
  }
  const edit = () => props.draft?.findFile(props.file.path)
  const text = () => edit()?.content ?? props.file.text
  const mayEdit = () => props.draft !== undefined && isEditable(props.file)
  const add = () => {
    const { path, text: before, sha256 } = props.file
    const content = withEndsOf(before, typed() ?? '')
    const old = edit()
    if (content !== before) props.draft?.add({ kind: 'file', file: path, content, base: sha256 })
    else if (old) props.draft?.remove(old)
    setTyped(undefined)
  }
  return (
    <div class={styles['view']}>
      <FileNotes file={props.file} />
      <Show when={edit() && typed() === undefined}>
        <Banner
          tone="info"
          role="note"
          title="This text is in the draft, not in the file"
          actions={
            <Button
              size="sm"
              onClick={() => {
                const old = edit()
                if (old && props.draft) removeFromDraft(props.draft, old)
              }}
            >
              Remove from the draft
            </Button>
          }
        />
      </Show>
      <Card flush>
        <Show when={mayEdit()}>
          <div class={styles['tools']}>
            <Show
              when={typed() !== undefined}
              fallback={
                <Button size="sm" onClick={() => setTyped(text())}>
                  Edit the text
                </Button>
              }
            >
              <Button size="sm" variant="primary" onClick={add}>
                Add to draft
              </Button>
              <Button size="sm" variant="ghost" onClick={() => setTyped(undefined)}>
                Cancel
              </Button>
            </Show>
          </div>
        </Show>
        <Show
          when={typed() !== undefined}
          fallback={<TextView text={text()} label={`Text of ${props.file.path}`} line={line()} />}
        >
          <TextView
            // what is typed leads from here on
            text={text()}
            label={`Text of ${props.file.path}`}
            line={undefined}
            onChange={setTyped}
          />
        </Show>
      </Card>
    </div>
  )
}

/** fail2ban's own files are replaced by its updates: settings go into others. */
const isEditable = ({ path, text, isCut, encoding, hidden }: ConfigFile): boolean =>
  isOwn(path) && !isCut && encoding === 'utf-8' && hidden !== true && hasOneLineEnd(text)

/** The editor would make different line ends alike. */
const hasOneLineEnd = (text: string) => !text.includes('\r') || !/[^\r]\n|^\n|\r(?!\n)/.test(text)

/** The editor knows line feeds only; a file keeps the line ends that it has. */
const withEndsOf = (before: string, text: string): string =>
  before.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text

function FileNotes(props: { file: ConfigFile }): JSX.Element {
  return (
    <>
      <Show when={props.file.encoding === 'latin1'}>
        <Banner tone="warning" role="note" title="This file is not valid UTF-8">
          Up to 1.1.0, fail2ban skips such a file; 1.1.1 refuses to start with it. Each byte is shown as one
          character.
        </Banner>
      </Show>
      <Show when={props.file.isCut}>
        <Banner tone="info" role="note" title="Only the beginning is shown">
          The file has {formatNumber(props.file.size)} bytes; the first {formatNumber(SHOWN_BYTES)} are shown.
        </Banner>
      </Show>
      <Show when={props.file.hidden}>
        <Banner tone="info" role="note" title="Some values and all comments are hidden">
          They can contain passwords and keys, which only administrators can see.
        </Banner>
      </Show>
    </>
  )
}

const SHOWN_BYTES = 512 * 1024
