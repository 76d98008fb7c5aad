import type { JSX } from 'solid-js'
import styles from './badge.module.css'
import type { Tone } from './tone.ts'

export type BadgeProps = {
  /** @default 'neutral' */
  tone?: Tone
  children: JSX.Element
  /** an explanation on hover and focus */
  tooltip?: string
}

/** A short text with a tone; with a tooltip it can be focused. */
export function Badge(props: BadgeProps): JSX.Element {
  return (
    <span
      class={styles['badge']}
      data-tone={props.tone ?? 'neutral'}
      data-tooltip={props.tooltip}
      tabindex={props.tooltip ? 0 : undefined}
    >
      {props.children}
    </span>
  )
}
