import { showHidden } from '@bangui/shared'
import { createMemo, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { Card } from '../../ui/card.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Select } from '../../ui/select.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import type { Vocabulary } from './complete-ini.ts'
import type { Draft } from './draft.ts'
import type { FieldContext } from './field-context.ts'
import { FileEditor, type FileEditorProps } from './file-editor.tsx'
import styles from './file-view.module.css'
import { lineOfPart, partFiles, whyReadOnly } from './part-files.ts'
import { createParameterLookup } from './parameter-lookup.ts'
import { configQueries } from './queries.ts'
import { vocabularyOf } from './vocabulary.ts'

export type TextPaneProps = {
  context: FieldContext
  draft: Draft | undefined
  /** the file that is shown; empty: the first one */
  path: string
  onPath: (path: string) => void
}

/** The text of the files that set a part's options, beside its form. */
export function TextPane(props: TextPaneProps): JSX.Element {
  const api = useApi()
  const files = useQuery(() => configQueries.files(api))
  const paths = createMemo(() => {
    const { part, settings, sources } = props.context
    return partFiles(part, settings, sources.configDir)
  })
  const isThere = (path: string) => files.data?.files.some((file) => file.path === path) === true
  const isDrafted = (path: string) => props.draft?.findFile(path) !== undefined
  const path = () =>
    paths().includes(props.path)
      ? props.path
      : (paths().find((each) => isDrafted(each) || isThere(each)) ?? paths()[0] ?? '')
  const wordsOf = (each: string) => `${showHidden(each)}${isThere(each) ? '' : ' (new)'}`
  const parametersOf = createParameterLookup(() => props.context.options)
  const vocabulary = createMemo(() => ({ ...vocabularyOf(props.context), parametersOf }))
  return (
    <Card flush>
      <div class={styles['choice']}>
        <Select
          label="File"
          value={path()}
          options={paths().map((each) => ({ value: each, label: wordsOf(each) }))}
          onChange={props.onPath}
        />
      </div>
      <Loaded query={files} what="The files" fallback={<Skeleton lines={12} height="16px" />}>
        {() => (
          <Show when={path()} keyed>
            {(shown) => (
              <PaneEditor
                path={shown}
                isThere={isThere(shown)}
                context={props.context}
                draft={props.draft}
                vocabulary={vocabulary()}
              />
            )}
          </Show>
        )}
      </Loaded>
    </Card>
  )
}

function PaneEditor(
  props: Pick<FileEditorProps, 'path' | 'draft'> & {
    isThere: boolean
    context: FieldContext
    vocabulary: Vocabulary
  },
): JSX.Element {
  const api = useApi()
  const file = useQuery(() => ({ ...configQueries.file(api, props.path), enabled: props.isThere }))
  const editor = (disk: FileEditorProps['disk']) => (
    <FileEditor
      path={props.path}
      disk={disk}
      draft={props.draft}
      line={lineOfPart(props.context.part, disk?.text ?? '')}
      vocabulary={props.vocabulary}
      why={whyReadOnly(props.path, props.context.sources.write)}
    />
  )
  return (
    <Show when={props.isThere} fallback={editor(undefined)}>
      <Loaded query={file} what="The file" fallback={<Skeleton lines={12} height="16px" />}>
        {(loaded) => editor(loaded())}
      </Loaded>
    </Show>
  )
}
