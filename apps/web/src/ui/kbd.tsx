import type { JSX } from 'solid-js'
import styles from './kbd.module.css'

/** A key on the keyboard. */
export function Kbd(props: { children: JSX.Element }): JSX.Element {
  return <kbd class={styles['kbd']}>{props.children}</kbd>
}
