import Check from 'lucide-solid/icons/check'
import { For, type JSX, Show } from 'solid-js'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import styles from './setup-steps.module.css'

const steps = [
  { key: 'account', label: 'Account' },
  { key: 'connection', label: 'Connection' },
  { key: 'done', label: 'Done' },
] as const

/** The steps of the setup, with the current one. */
export function SetupSteps(props: { current: (typeof steps)[number]['key'] }): JSX.Element {
  const at = () => steps.findIndex((step) => step.key === props.current)
  return (
    <ol class={styles['steps']} aria-label="Steps">
      <For each={steps}>
        {(step, index) => (
          <li
            class={styles['step']}
            aria-current={step.key === props.current ? 'step' : undefined}
            data-done={index() < at() ? '' : undefined}
          >
            <span class={styles['number']}>
              <Show when={index() < at()} fallback={index() + 1}>
                <Check aria-hidden="true" />
                <VisuallyHidden>done:</VisuallyHidden>
              </Show>
            </span>
            {step.label}
          </li>
        )}
      </For>
    </ol>
  )
}
