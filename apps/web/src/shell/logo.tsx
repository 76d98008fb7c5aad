import type { JSX } from 'solid-js'
import styles from './logo.module.css'

/** The logo and the name. */
export function Logo(): JSX.Element {
  return (
    <span class={styles['logo']}>
      <svg class={styles['mark']} viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="var(--accent)" />
        <path
          d="M16 6l8 3v6.6c0 5-3.3 8.6-8 10.4-4.7-1.8-8-5.4-8-10.4V9z"
          fill="none"
          stroke="var(--on-accent)"
          stroke-width="2.4"
          stroke-linejoin="round"
        />
        <path d="M12.5 12.5l7 7" stroke="var(--on-accent)" stroke-width="2.4" stroke-linecap="round" />
      </svg>
      <span class={styles['name']}>BanGUI</span>
    </span>
  )
}
