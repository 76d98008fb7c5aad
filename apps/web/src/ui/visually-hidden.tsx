import type { JSX } from 'solid-js'
import styles from './visually-hidden.module.css'

/** Text for screen readers only. */
export function VisuallyHidden(props: { children: JSX.Element }): JSX.Element {
  return <span class={styles['hidden']}>{props.children}</span>
}
