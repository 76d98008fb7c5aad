import { type JSX, Match, Switch } from 'solid-js'
import { plural } from '../../lib/format.ts'
import type { Draft } from './draft.ts'
import styles from './draft-panel.module.css'

/** How many edits the draft has, and whether the server keeps them. */
export function DraftStatus(props: { draft: Draft }): JSX.Element {
  return (
    <span class={styles['status']} role="status">
      {plural(props.draft.edits().length, 'change')} in the draft, not applied yet
      <span class={styles['saved']}>
        <Switch fallback="saved">
          <Match when={props.draft.store.problem() !== undefined}>not saved</Match>
          <Match when={props.draft.store.conflicts().length > 0}>changed in two places</Match>
          <Match when={props.draft.store.isSaving()}>saving …</Match>
        </Switch>
      </span>
    </span>
  )
}
