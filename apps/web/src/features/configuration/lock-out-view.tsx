import type { LockOutReport } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { Banner } from '../../ui/banner.tsx'
import { describeLockedOut, describeLookedAt, describeUnknown } from './lock-out-report.ts'
import styles from './setting-editor.module.css'

/** Whom the change would have banned, judging by the last lines of the logs, and what could not be looked at. */
export function LockOutView(props: { report: LockOutReport }): JSX.Element {
  const unknown = () => props.report.unknown.map(describeUnknown)
  return (
    <Show
      when={props.report.lockedOut.length > 0}
      fallback={
        <p class={styles['words']}>
          {describeLookedAt(props.report)} {unknown().join(' ')}
        </p>
      }
    >
      <Banner tone="danger" role="alert" title="This would have banned people">
        <ul class={styles['list']}>
          <For each={props.report.lockedOut}>{(found) => <li>{describeLockedOut(found)}</li>}</For>
        </ul>
        <Show when={unknown().length > 0}>
          <p>{unknown().join(' ')}</p>
        </Show>
      </Banner>
    </Show>
  )
}
