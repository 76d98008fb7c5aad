import type { ConfigPreview, LockOutReport } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { formatSpan } from '../lib/format.ts'
import { describeLockedOut, describeLookedAt, describeUnknown } from '../lib/lock-out-report.ts'
import { describeRisks } from '../lib/lock-out-words.ts'
import { Banner } from './banner.tsx'
import styles from './lock-out-note.module.css'

type Risky = Pick<ConfigPreview, 'risks' | 'confirmWithin' | 'lockOut'>

/** Why a change can lock people out, what keeps it from doing so for good, and whom it would have banned. */
export function LockOutNote(props: { preview: Risky }): JSX.Element {
  return (
    <>
      <Show when={props.preview.risks.length > 0}>
        <Banner tone="warning" title="This change can lock you out">
          {describeConfirmation(props.preview)}
        </Banner>
      </Show>
      <Show when={props.preview.lockOut}>{(report) => <Report report={report()} />}</Show>
    </>
  )
}

/** Whom the change would have banned, judging by the last lines of the logs, and what could not be looked at. */
function Report(props: { report: LockOutReport }): JSX.Element {
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

/** What keeps a change from locking people out for good. */
function describeConfirmation({ risks, confirmWithin }: Risky): string {
  const because = describeRisks(risks)
  return confirmWithin === null
    ? `The change can lock people out, because ${because}. Keep another way to reach this machine open until you have checked that it works: confirmation of changes is disabled in the settings.`
    : `This change is kept only if you still reach BanGUI afterwards, because ${because}. The page checks this automatically; otherwise the change is rolled back after ${formatSpan(confirmWithin)}.`
}
