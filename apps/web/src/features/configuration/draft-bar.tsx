import { createSignal, type JSX, Show } from 'solid-js'
import { plural } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import type { Draft } from './draft.ts'
import { ReviewDialog } from './review-dialog.tsx'
import styles from './setting-editor.module.css'

/** How many edits the draft has, and what can be done with them. */
export function DraftBar(props: { draft: Draft; configDir: string | undefined }): JSX.Element {
  const [isOpen, setOpen] = createSignal(false)
  return (
    <>
      <Show when={props.draft.edits().length > 0}>
        {/* a page that reloads itself would lose it */}
        <section class={styles['bar']} aria-label="Draft" data-undoable="">
          <span role="status">
            {plural(props.draft.edits().length, 'change')} in the draft, not applied yet
          </span>
          <span class={styles['buttons']}>
            <Button size="sm" variant="ghost" onClick={() => props.draft.clear()}>
              Discard
            </Button>
            <Button size="sm" variant="primary" onClick={() => setOpen(true)}>
              Review and apply
            </Button>
          </span>
        </section>
      </Show>
      <Show when={isOpen()}>
        <ReviewDialog draft={props.draft} configDir={props.configDir} onClose={() => setOpen(false)} />
      </Show>
    </>
  )
}
