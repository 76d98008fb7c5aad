import type { JSX } from 'solid-js'
import styles from './facts.module.css'

/** A few terms with their values, one under the other. */
export function Facts(props: { children: JSX.Element }): JSX.Element {
  return <dl class={styles['facts']}>{props.children}</dl>
}

export type FactProps = {
  term: string
  /** explains the term on hover and focus */
  hint?: string
  children: JSX.Element
}

/** One term with its value. */
export function Fact(props: FactProps): JSX.Element {
  return (
    <div class={styles['fact']}>
      <dt class={styles['term']}>
        <span data-tooltip={props.hint} tabindex={props.hint ? 0 : undefined}>
          {props.term}
        </span>
      </dt>
      <dd class={styles['value']}>{props.children}</dd>
    </div>
  )
}
