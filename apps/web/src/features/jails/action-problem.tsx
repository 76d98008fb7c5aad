import { type JSX, Show } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/copy-command.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import type { ActionProblem } from './jail-actions.ts'

/** Why an action on a jail failed, with fail2ban's output. */
export function ActionProblemView(props: { problem: ActionProblem }): JSX.Element {
  return (
    <ErrorState title={props.problem.title} why={props.problem.why}>
      <Show when={props.problem.output}>
        {(output) => <CodeBlock label="Output of fail2ban" code={output()} />}
      </Show>
    </ErrorState>
  )
}

/** The same as a dialog. */
export function ActionProblemDialog(props: { problem: ActionProblem; onClose: () => void }): JSX.Element {
  return (
    <Dialog
      open
      role="alertdialog"
      title="The action failed"
      onOpenChange={() => props.onClose()}
      footer={<Button onClick={() => props.onClose()}>Close</Button>}
    >
      <ActionProblemView problem={props.problem} />
    </Dialog>
  )
}
