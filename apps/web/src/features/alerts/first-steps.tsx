import type { ListedAlertChannel, ListedAlertRule } from '@bangui/shared'
import Check from 'lucide-solid/icons/check'
import { For, type JSX, Show } from 'solid-js'
import { useCan } from '../../lib/permissions.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import styles from './alerts.module.css'

export type FirstStepsProps = {
  rules: readonly ListedAlertRule[]
  channels: readonly ListedAlertChannel[]
}

/** The steps that are left until messages are sent; nothing once all of them are done. */
export function FirstSteps(props: FirstStepsProps): JSX.Element {
  const canWrite = useCan('alerts.write')
  const steps = () => {
    const inUse = props.channels.filter(({ enabled }) => enabled)
    const on = props.rules.filter(({ enabled }) => enabled)
    return [
      {
        isDone: inUse.length > 0,
        text: 'Add a channel: where messages go.',
        href: '/alerts?tab=channels',
        label: 'Channels',
      },
      {
        isDone: inUse.some(({ last }) => last?.ok),
        text: 'Send a test message.',
        href: '/alerts?tab=channels',
        label: 'Channels',
      },
      {
        isDone: on.some(({ channels }) => channels.some((id) => inUse.some((channel) => channel.id === id))),
        text: 'Switch on the rules that you need, and choose their channels.',
        href: '/alerts?tab=rules',
        label: 'Rules',
      },
    ]
  }
  const next = () => steps().findIndex(({ isDone }) => !isDone)
  return (
    <Show when={canWrite() && next() !== -1}>
      <Card
        title="Alerts are not set up yet"
        description="After these three steps, BanGUI sends messages about problems."
      >
        <ol class={styles['steps']}>
          <For each={steps()}>
            {(step, at) => (
              <li class={styles['step']}>
                <span class={styles['number']} data-done={step.isDone ? '' : undefined}>
                  <Show when={step.isDone} fallback={at() + 1}>
                    <Check aria-hidden="true" />
                    <VisuallyHidden>Done:</VisuallyHidden>
                  </Show>
                </span>
                <span>{step.text}</span>
                <Show when={at() === next()}>
                  <ButtonLink size="sm" variant="primary" href={step.href}>
                    {step.label}
                  </ButtonLink>
                </Show>
              </li>
            )}
          </For>
        </ol>
      </Card>
    </Show>
  )
}
