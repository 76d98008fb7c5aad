import { showHidden } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import styles from './empty-state.module.css'

export type EmptyStateProps = {
  icon?: JSX.Element
  title: string
  /** what would be here and why it is not */
  children?: JSX.Element
  /** the button or link that changes it */
  action?: JSX.Element
}

/** Shown while there is no data: what would be here, why it is not, and what changes it. */
export function EmptyState(props: EmptyStateProps): JSX.Element {
  return (
    <div class={styles['empty']}>
      <Show when={props.icon}>
        <span class={styles['icon']} aria-hidden="true">
          {props.icon}
        </span>
      </Show>
      <p class={styles['title']}>{showHidden(props.title)}</p>
      <Show when={props.children}>
        <div class={styles['text']}>{props.children}</div>
      </Show>
      <Show when={props.action}>
        <div class={styles['action']}>{props.action}</div>
      </Show>
    </div>
  )
}
