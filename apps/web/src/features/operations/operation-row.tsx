import { type Operation, showHidden } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { Badge } from '../../ui/badge.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { OperationActions } from './operation-actions.tsx'
import { capitalized, describeActor, describeProgress, operationStates } from '../../lib/operation-words.ts'
import styles from './operations-page.module.css'

export type OperationRowProps = {
  operation: Operation
  /** called when it was continued or undone */
  onDone: () => void
}

/** One operation: what was done, by whom and when, how it ended, and what can be done about it. */
export function OperationRow(props: OperationRowProps): JSX.Element {
  const title = () => showHidden(props.operation.title)
  const isRunning = () => props.operation.state === 'running'
  /** how far it got, where that says more than its state */
  const reached = () => {
    const { done, total, state } = props.operation
    return state !== 'done' && state !== 'running' && total !== null && total > 1
      ? `${capitalized(describeProgress({ done, total, state }))}. `
      : ''
  }
  return (
    <li class={styles['row']}>
      <div class={styles['what']}>
        <h3 class={styles['title']}>{title()}</h3>
        <Show when={props.operation.message}>
          {(message) => <p class={styles['message']}>{showHidden(message())}</p>}
        </Show>
        <Show when={isRunning()}>
          <div class={styles['progress']}>
            <ProgressBar label={title()} done={props.operation.done} total={props.operation.total} />
            <span>{describeProgress(props.operation)}</span>
          </div>
        </Show>
        <p class={styles['facts']}>
          {reached()}
          {describeActor(props.operation)}, <RelativeTime time={props.operation.startedAt} />
        </p>
      </div>
      <Badge tone={operationStates[props.operation.state][1]}>
        {operationStates[props.operation.state][0]}
      </Badge>
      <div class={styles['actions']}>
        <OperationActions operation={props.operation} onDone={props.onDone} />
      </div>
    </li>
  )
}
