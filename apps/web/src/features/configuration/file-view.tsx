import type { RouterOutputs } from '@bangui/server/router'
import { useSearchParams } from '@solidjs/router'
import { type JSX, Show } from 'solid-js'
import { formatNumber } from '../../lib/format.ts'
import { Banner } from '../../ui/banner.tsx'
import { Card } from '../../ui/card.tsx'
import type { Vocabulary } from './complete-ini.ts'
import type { Draft } from './draft.ts'
import { FileEditor } from './file-editor.tsx'
import styles from './file-view.module.css'

type ConfigFile = RouterOutputs['config']['file']

export type FileViewProps = {
  file: ConfigFile
  /** undefined: nobody may change it here */
  draft: Draft | undefined
  /** what can be suggested while somebody types; undefined: not known */
  vocabulary: Vocabulary | undefined
  /** why it can only be read; undefined: the file itself says it */
  why: string | undefined
}

/** The text of one file of the configuration. */
export function FileView(props: FileViewProps): JSX.Element {
  const [params] = useSearchParams<{ line?: string }>()
  const line = () => {
    const number = Number(params.line)
    return Number.isInteger(number) && number > 0 ? number : undefined
  }
  return (
    <div class={styles['view']}>
      <FileNotes file={props.file} />
      <Card flush>
        <FileEditor
          path={props.file.path}
          disk={props.file}
          draft={props.draft}
          line={line()}
          vocabulary={props.vocabulary}
          why={props.why}
        />
      </Card>
    </div>
  )
}

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
