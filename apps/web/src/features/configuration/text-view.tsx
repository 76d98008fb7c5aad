import { createEffect, type JSX, Match, onCleanup, Switch } from 'solid-js'
import { defineLazyModule } from '../../lib/lazy-module.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import styles from './file-view.module.css'
import type { TextEditor, TextEditorOptions } from './text-editor.ts'

type OpenTextEditor = (host: HTMLElement, options: TextEditorOptions) => TextEditor

// most people never open it, and it is large
const editorModule = defineLazyModule<OpenTextEditor>(
  async () => (await import('./text-editor.ts')).openTextEditor,
  { onDemand: true },
)

/** The text of a file with line numbers, colours and search. */
export function TextView(props: TextEditorOptions): JSX.Element {
  // the error is shown
  void editorModule.load().catch(() => undefined)
  return (
    <Switch
      fallback={
        <div class={styles['waiting']} aria-busy="true">
          <Skeleton lines={12} height="16px" />
        </div>
      }
    >
      <Match when={editorModule.fetched()}>{(open) => <Editor {...props} open={open()} />}</Match>
      <Match when={editorModule.isMissing()}>
        <ErrorState
          title="The text could not be displayed."
          why="BanGUI was probably updated. Reload the page."
        />
      </Match>
    </Switch>
  )
}

function Editor(props: TextEditorOptions & { open: OpenTextEditor }): JSX.Element {
  let editor: TextEditor | undefined
  const open = (host: HTMLElement) => {
    createEffect((shown: string | undefined) => {
      if (editor === undefined) editor = props.open(host, { ...props })
      else if (shown !== props.text) editor.setText(props.text)
      return props.text
    })
    createEffect(() => editor?.setMessages(props.messages ?? []))
    createEffect(() => {
      if (props.line !== undefined) editor?.showLine(props.line)
    })
  }
  onCleanup(() => editor?.destroy())
  return <div class={styles['editor']} ref={open} />
}
