import { type PendingRecovery, type RecoveryProgress, showHidden } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { formatExact } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/copy-command.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { DaemonLogSection } from './daemon-log.tsx'
import styles from './recovery-details.module.css'
import { causes, type ChangeKind, isWithoutChange } from './recovery-words.ts'

/** All details of a failed change. */
export function RecoveryDetails(props: {
  open: boolean
  onOpenChange: (open: boolean) => void
  pending: PendingRecovery
  kind: ChangeKind
  progress: RecoveryProgress | undefined
}): JSX.Element {
  return (
    <Dialog
      open={props.open}
      onOpenChange={props.onOpenChange}
      size="lg"
      title="What happened"
      description={causes[props.pending.cause]}
      footer={<Button onClick={() => props.onOpenChange(false)}>Close</Button>}
    >
      <div class={styles['details']}>
        <Facts>
          <Show
            when={props.pending.jailName === null && props.pending.title}
            fallback={
              <Fact term="Jail">
                {props.pending.jailName
                  ? showHidden(`${props.pending.jailName}, ${props.kind}`)
                  : 'none known'}
              </Fact>
            }
          >
            {(title) => <Fact term="Change">{showHidden(title())}</Fact>}
          </Show>
          <Show when={!isWithoutChange(props.pending)}>
            <Fact term="Loaded">{formatExact(props.pending.activatedAt)}</Fact>
          </Show>
          <Fact term="Noticed">{formatExact(props.pending.detectedAt)}</Fact>
          <Show when={props.pending.missingJails.length > 0}>
            <Fact term="Jails that are not running">{showHidden(props.pending.missingJails.join(', '))}</Fact>
          </Show>
          <Show when={props.progress}>
            {(progress) => <Fact term="Rollback started">{formatExact(progress().startedAt)}</Fact>}
          </Show>
        </Facts>
        <Show when={props.progress?.output}>
          {(output) => (
            <section class={styles['part']}>
              <h3 class={styles['title']}>Output of fail2ban during the rollback</h3>
              <CodeBlock label="Output of fail2ban" code={output()} />
            </section>
          )}
        </Show>
        <DaemonLogSection />
      </div>
    </Dialog>
  )
}
