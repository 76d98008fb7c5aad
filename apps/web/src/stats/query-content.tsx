import type { JSX } from 'solid-js'
import styles from './query-content.module.css'

/** Wraps the content of a query; it is faded while it still shows the result of the previous one. */
export function QueryContent(props: {
  query: { readonly isPlaceholderData: boolean }
  children: JSX.Element
}): JSX.Element {
  const isOutdated = () => props.query.isPlaceholderData
  return (
    <div
      class={styles['content']}
      data-outdated={isOutdated() ? '' : undefined}
      aria-busy={isOutdated() ? 'true' : undefined}
    >
      {props.children}
    </div>
  )
}
