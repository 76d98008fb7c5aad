import type { JSX } from 'solid-js'
import styles from './answer.module.css'

/** Holds what a question was answered with; pale while it is still the answer to the question before. */
export function Answer(props: {
  query: { readonly isPlaceholderData: boolean }
  children: JSX.Element
}): JSX.Element {
  const isOutdated = () => props.query.isPlaceholderData
  return (
    <div
      class={styles['answer']}
      data-outdated={isOutdated() ? '' : undefined}
      aria-busy={isOutdated() ? 'true' : undefined}
    >
      {props.children}
    </div>
  )
}
