import { type BanComparison, type OperationStep, showHidden, type UnconfirmedChange } from '@bangui/shared'
import { createMemo, type JSX, Match, Show, Switch } from 'solid-js'
import { useNow } from '../../lib/clock.ts'
import { timeLeft } from '../../lib/time-left.ts'
import { Banner } from '../../ui/banner.tsx'
import { CodeBlock } from '../../ui/copy-command.tsx'
import { ProgressSteps, type ProgressStep } from '../../ui/progress-steps.tsx'
import { describeFirewall } from './describe-firewall.ts'
import type { ApplyPhase, Progress } from './create-progress.ts'
import styles from './setting-editor.module.css'

/** How far the change is, step by step, and how it ended. */
export function ReviewProgress(props: {
  progress: Progress
  /** it has to be confirmed */
  provisional: boolean
  /** jails are restarted, after which the firewall is compared with their bans */
  compares: boolean
}): JSX.Element {
  const steps = createMemo(() =>
    stepsOf(props.progress.phase(), {
      step: props.progress.operation()?.step,
      compares: props.compares,
      confirmations: props.provisional ? (props.progress.unconfirmed()?.confirmations ?? 0) : null,
    }),
  )
  return (
    <div class={styles['stack']}>
      <Switch>
        <Match when={props.progress.phase() === 'waiting'}>
          <Banner tone="info" title="The change is loaded and waiting to be confirmed">
            This page checks twice that it still reaches BanGUI over a new connection; you need not do
            anything. Otherwise the change is rolled back
            <Show when={props.progress.unconfirmed()}>{(change) => <TimeLeft change={change()} />}</Show>.
          </Banner>
        </Match>
        <Match when={props.progress.phase() === 'kept'}>
          <Banner tone="ok" title="The change is kept">
            It was confirmed: BanGUI can still be reached.
          </Banner>
        </Match>
        <Match when={props.progress.phase() === 'rolled_back'}>
          <Banner tone="danger" role="alert" title="The change is rolled back, because it was not confirmed">
            The notice above every page says how far that is.
          </Banner>
        </Match>
      </Switch>
      <ProgressSteps label="Progress" steps={steps()} />
      <Firewall comparisons={props.progress.firewall()} />
      <Show when={props.progress.output()}>
        {(output) => <CodeBlock label="Output of fail2ban" code={output()} />}
      </Show>
    </div>
  )
}

/** Whether the firewall blocks the bans of the jails that were restarted. */
function Firewall(props: { comparisons: readonly BanComparison[] }): JSX.Element {
  const found = () => describeFirewall(props.comparisons)
  return (
    <Show when={props.comparisons.length > 0}>
      <Show when={found().isAmiss} fallback={<p class={styles['words']}>{found().text}</p>}>
        <Banner tone="warning" title="Compare the firewall yourself">
          {found().text}
        </Banner>
      </Show>
    </Show>
  )
}

/** The seconds until the rollback; they are not announced each time. */
function TimeLeft(props: { change: UnconfirmedChange }): JSX.Element {
  const now = useNow()
  return <span aria-hidden="true"> in {timeLeft(props.change, now())}</span>
}

type Now = {
  readonly step: OperationStep | undefined
  readonly compares: boolean
  /** null: the change needs none */
  readonly confirmations: number | null
}

const order: readonly OperationStep['name'][] = [
  'testing',
  'rehearsing',
  'saving',
  'writing',
  'loading',
  'comparing',
]

const labels: Record<OperationStep['name'], string> = {
  testing: 'Test the changes on a copy',
  rehearsing: 'Rehearse them with a private fail2ban',
  saving: 'Save the present files for a rollback',
  writing: 'Write the files',
  loading: 'Load the jails',
  comparing: 'Compare the firewall with the bans',
}

/** Returns the steps of a change as the dialog lists them. */
export function stepsOf(
  phase: ApplyPhase | undefined,
  { step, compares, confirmations }: Now,
): ProgressStep[] {
  const isLoaded = phase !== 'applying'
  const current = step ? order.indexOf(step.name) : 0
  const steps = order.flatMap((name, index): ProgressStep[] => {
    if (name === 'comparing' && !compares) return []
    const state = isLoaded || index < current ? 'done' : index === current ? 'active' : 'pending'
    return [{ label: labels[name], state, ...(state === 'active' && hintOf(step)) }]
  })
  return confirmations === null ? steps : [...steps, confirmationStep(phase, confirmations)]
}

const hintOf = (step: OperationStep | undefined) =>
  step?.name === 'loading' && step.jail !== null
    ? { hint: `${showHidden(step.jail)} (${Math.min(step.done + 1, step.total)} of ${step.total})` }
    : {}

function confirmationStep(phase: ApplyPhase | undefined, confirmations: number): ProgressStep {
  const label = 'Check that you still reach BanGUI'
  if (phase === 'kept') return { label, state: 'done' }
  if (phase === 'rolled_back') return { label, state: 'failed' }
  return phase === 'waiting'
    ? { label, state: 'active', hint: `${confirmations} of 2` }
    : { label, state: 'pending' }
}
