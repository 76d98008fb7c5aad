import type { JSX } from 'solid-js'
import styles from './list-bar.module.css'

/** What stands below the rows of a list: a button that loads more of them, or why there are none. */
export function ListBar(props: { children: JSX.Element }): JSX.Element {
  return <div class={styles['bar']}>{props.children}</div>
}
