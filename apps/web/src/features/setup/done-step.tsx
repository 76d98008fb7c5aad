import type { IgnoreAdded, Jail, ServerStatus } from '@bangui/shared'
import { createSignal, type JSX, Show } from 'solid-js'
import { describeError } from '../../api/errors.ts'
import { formatNumber, plural } from '../../lib/format.ts'
import { AsyncButton } from '../../ui/async-button.tsx'
import { Banner } from '../../ui/banner.tsx'
import styles from './setup.module.css'

export type DoneStepProps = {
  status: ServerStatus | undefined
  jails: readonly Jail[] | undefined
  /** the address of who sets BanGUI up, which fail2ban may ban; undefined: it may not, or it is not known */
  visitor: string | undefined
  /** puts an address on the allow list */
  allow: (address: string) => Promise<IgnoreAdded>
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
      <Show when={props.visitor}>{(address) => <ThisIsYou address={address()} allow={props.allow} />}</Show>
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

/** Offers to put the address of who sets BanGUI up on the allow list. */
function ThisIsYou(props: { address: string; allow: DoneStepProps['allow'] }): JSX.Element {
  const [state, setState] = createSignal<'offered' | 'added'>('offered')
  const [problem, setProblem] = createSignal<string>()
  const add = async () => {
    setProblem(undefined)
    try {
      const { problems } = await props.allow(props.address)
      setState('added')
      setProblem(problems[0])
    } catch (error) {
      setProblem(describeError(error).message)
    }
  }
  return (
    <Show
      when={state() === 'offered'}
      fallback={
        <Banner tone="ok" title={`${props.address} is never banned`}>
          {problem() ?? 'You can change that later on the page Allow list.'}
        </Banner>
      }
    >
      <Banner
        tone="info"
        role="note"
        title={`You come from ${props.address}, which fail2ban may ban.`}
        actions={
          <AsyncButton size="sm" onPress={add}>
            This is you: add it
          </AsyncButton>
        }
      >
        {problem() ?? 'Optional: on the allow list, a few mistyped passwords do not lock you out.'}
      </Banner>
    </Show>
  )
}
