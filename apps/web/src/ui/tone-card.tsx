import type { JSX } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import styles from './tone-card.module.css'
import type { Tone } from './tone.ts'

export type ToneCardProps = {
  tone: Tone
  /** `li` in a list. @default 'article' */
  as?: 'article' | 'li'
  /** what it is about, for screen readers */
  label?: string
  children: JSX.Element
}

/** A card about one thing, such as a finding, with a border in the colour of its state. */
export function ToneCard(props: ToneCardProps): JSX.Element {
  return (
    <Dynamic
      component={props.as ?? 'article'}
      class={styles['card']}
      data-tone={props.tone}
      aria-label={props.label}
    >
      {props.children}
    </Dynamic>
  )
}
