import type { Edit } from '@bangui/shared'
import { For, type JSX } from 'solid-js'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { describeEdit } from './describe-edit.ts'
import type { Draft } from './draft.ts'
import styles from './draft-panel.module.css'
import type { DraftConflict } from './merge-drafts.ts'

/** What two tabs, or two devices, of the same user have changed differently. */
export function DraftConflicts(props: { draft: Draft }): JSX.Element {
  return (
    <For each={props.draft.store.conflicts()}>
      {(conflict) => (
        <Banner
          tone="warning"
          title="You changed this in another tab as well"
          actions={
            <>
              <Button size="sm" onClick={() => props.draft.store.resolve(conflict, 'here')}>
                Keep the change of this tab
              </Button>
              <Button size="sm" variant="ghost" onClick={() => props.draft.store.resolve(conflict, 'there')}>
                Keep the change of the other tab
              </Button>
            </>
          }
        >
          <dl class={styles['sides']}>
            <dt>This tab</dt>
            <dd>{describeSide(conflict, 'here')}</dd>
            <dt>Other tab (in the draft now)</dt>
            <dd>{describeSide(conflict, 'there')}</dd>
          </dl>
        </Banner>
      )}
    </For>
  )
}

function describeSide(conflict: DraftConflict, side: 'here' | 'there'): string {
  const edit: Edit | undefined = conflict[side]
  const other = conflict[side === 'here' ? 'there' : 'here']
  if (edit === undefined) return `removed: ${other === undefined ? '' : describeEdit(other)}`
  const lines = edit.kind === 'file' && edit.content !== null ? edit.content.split('\n').length : undefined
  return lines === undefined ? describeEdit(edit) : `${describeEdit(edit)}, ${lines} lines`
}
