import type { Jail, ServerStatus } from '@bangui/shared'
import { createSignal, type JSX, Show } from 'solid-js'
import { describeError } from '../../api/errors.ts'
import { formatNumber, plural } from '../../lib/format.ts'
import { AsyncButton } from '../../ui/async-button.tsx'
import { Banner } from '../../ui/banner.tsx'
import styles from './setup.module.css'

export type DoneStepProps = {
  status: ServerStatus | undefined
  jails: readonly Jail[] | undefined
  enter: () => Promise<void>
}

/** What the setup found, and the button that opens the overview. */
export function DoneStep(props: DoneStepProps): JSX.Element {
  const [problem, setProblem] = createSignal<string>()
  const enter = async () => {
    setProblem(undefined)
    try {
      await props.enter()
    } catch (error) {
      setProblem(describeError(error).message)
    }
  }
  const running = () => props.jails?.filter((jail) => jail.running).length ?? 0
  const summary = () =>
    `${plural(props.jails?.length ?? 0, 'jail')}, ${formatNumber(running())} running, ` +
    `${plural(props.status?.currentlyBanned ?? 0, 'address', 'addresses')} banned now.`
  return (
    <div class={styles['form']}>
      <Show
        when={props.status?.online}
        fallback={
          <Banner tone="warning" title="fail2ban is not connected yet">
            BanGUI keeps trying, and shows on every page what is missing.
          </Banner>
        }
      >
        <Banner tone="ok" title={`Connected to fail2ban ${props.status?.version ?? ''}`}>
          {summary()}
        </Banner>
      </Show>
      <Show when={problem()}>
        {(why) => (
          <Banner tone="danger" title="The overview could not be opened" role="alert">
            {why()} Your account was created anyway.
          </Banner>
        )}
      </Show>
      <AsyncButton variant="primary" size="lg" onPress={enter}>
        Open the overview
      </AsyncButton>
    </div>
  )
}
