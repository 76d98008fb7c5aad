import { showHidden } from '@bangui/shared'
import CircleAlert from 'lucide-solid/icons/circle-alert'
import { type JSX, Show } from 'solid-js'
import { Button } from './button.tsx'
import styles from './error-state.module.css'

export type ErrorStateProps = {
  /** what happened */
  title: string
  /** why, in a sentence */
  why?: JSX.Element
  /** what to do; a CopyCommand fits here */
  children?: JSX.Element
  onRetry?: () => void
  retrying?: boolean
}

/** Shown if something could not be loaded: what happened, why, what to do, and a retry. */
export function ErrorState(props: ErrorStateProps): JSX.Element {
  return (
    <div class={styles['error']} role="alert">
      <CircleAlert class={styles['icon']} aria-hidden="true" />
      <div class={styles['content']}>
        <p class={styles['title']}>{showHidden(props.title)}</p>
        <Show when={props.why}>
          <p class={styles['why']}>{props.why}</p>
        </Show>
        <Show when={props.children}>
          <div class={styles['help']}>{props.children}</div>
        </Show>
        <Show when={props.onRetry}>
          <div>
            <Button size="sm" loading={props.retrying} onClick={() => props.onRetry?.()}>
              Try again
            </Button>
          </div>
        </Show>
      </div>
    </div>
  )
}
