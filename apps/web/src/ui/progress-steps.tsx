import Check from 'lucide-solid/icons/check'
import X from 'lucide-solid/icons/x'
import { For, type JSX, Match, Show, Switch } from 'solid-js'
import styles from './progress-steps.module.css'
import { VisuallyHidden } from './visually-hidden.tsx'

export type ProgressStep = {
  label: string
  state: 'pending' | 'active' | 'done' | 'failed'
  /** a note, such as how long it took or why it failed */
  hint?: JSX.Element
}

const words = { pending: 'not started', active: 'in progress', done: 'done', failed: 'failed' }

/** A list of steps; finished ones are announced politely. */
export function ProgressSteps(props: { label: string; steps: readonly ProgressStep[] }): JSX.Element {
  return (
    <ol class={styles['steps']} aria-label={props.label} aria-live="polite">
      <For each={props.steps}>
        {(step) => (
          <li
            class={styles['step']}
            data-state={step.state}
            aria-current={step.state === 'active' ? 'step' : undefined}
          >
            <span class={styles['mark']} aria-hidden="true">
              <Switch>
                <Match when={step.state === 'done'}>
                  <Check />
                </Match>
                <Match when={step.state === 'failed'}>
                  <X />
                </Match>
              </Switch>
            </span>
            <span class={styles['label']}>
              {step.label}
              <VisuallyHidden>: {words[step.state]}</VisuallyHidden>
            </span>
            <Show when={step.hint}>
              <span class={styles['hint']}>{step.hint}</span>
            </Show>
          </li>
        )}
      </For>
    </ol>
  )
}
