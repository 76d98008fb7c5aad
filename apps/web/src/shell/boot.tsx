import type { JSX } from 'solid-js'
import { VisuallyHidden } from '../ui/visually-hidden.tsx'
import styles from './boot.module.css'

/** The outline of the shell until it is known whether somebody is signed in. */
export function Boot(): JSX.Element {
  return (
    <div class={styles['boot']} role="status">
      <div class={styles['side']} aria-hidden="true" />
      <div class={styles['top']} aria-hidden="true" />
      <VisuallyHidden>Loading BanGUI</VisuallyHidden>
    </div>
  )
}
