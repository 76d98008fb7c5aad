import { createUniqueId, type JSX, Show } from 'solid-js'
import styles from './card.module.css'

export type CardProps = {
  title?: string
  /** a sentence under the title */
  description?: JSX.Element
  /** buttons or links at the end of the title's line */
  actions?: JSX.Element
  /** lets a table or a list reach the card's edges */
  flush?: boolean
  children: JSX.Element
}

/** A bordered surface with an optional title; a landmark region when it has one. */
export function Card(props: CardProps): JSX.Element {
  const id = createUniqueId()
  return (
    <section class={styles['card']} aria-labelledby={props.title ? id : undefined}>
      <Show when={props.title}>
        <header class={styles['header']}>
          <div>
            <h2 class={styles['title']} id={id}>
              {props.title}
            </h2>
            <Show when={props.description}>
              <p class={styles['description']}>{props.description}</p>
            </Show>
          </div>
          <Show when={props.actions}>
            <div class={styles['actions']}>{props.actions}</div>
          </Show>
        </header>
      </Show>
      <div class={styles['body']} data-flush={props.flush ? '' : undefined}>
        {props.children}
      </div>
    </section>
  )
}
