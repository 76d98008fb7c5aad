import type { JSX } from 'solid-js'
import styles from './bar-behind.module.css'

/** A bar behind the text of a row, so that it does not look like a line between rows; `share` is 0 to 1. */
export function BarBehind(props: { share: number }): JSX.Element {
  return <div class={styles['bar']} style={{ transform: `scaleX(${props.share})` }} aria-hidden="true" />
}
