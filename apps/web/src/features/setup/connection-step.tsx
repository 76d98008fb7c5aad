import type { ServerStatus } from '@bangui/shared'
import { createSignal, For, type JSX, onMount, Show } from 'solid-js'
import { describeError } from '../../api/errors.ts'
import { daemonHelp, describeDaemon } from '../../lib/daemon-state.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyCommand } from '../../ui/copy-command.tsx'
import { ProgressSteps } from '../../ui/progress-steps.tsx'
import styles from './setup.module.css'

/** The result of a probe, and the commands that help if it failed. */
export type Look = { status: ServerStatus; commands: readonly string[] }

export type ConnectionStepProps = {
  /** probes once; the caller handles a success */
  probe: () => Promise<Look>
  skip: () => void
}

/** Looks for fail2ban, and says exactly what to do if it is offline or closed to BanGUI. */
export function ConnectionStep(props: ConnectionStepProps): JSX.Element {
  const [seen, setSeen] = createSignal<Look>()
  const status = () => seen()?.status
  const [problem, setProblem] = createSignal<string>()
  const [busy, setBusy] = createSignal(true)

  const look = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      setSeen(await props.probe())
    } catch (error) {
      setProblem(describeError(error).message)
    } finally {
      setBusy(false)
    }
  }
  onMount(() => void look())

  const found = () => {
    const now = status()
    if (!now) return 'active'
    return now.reason === 'socket_missing' ? 'failed' : 'done'
  }
  const allowed = () => {
    const now = status()
    if (!now || now.reason === 'socket_missing') return 'pending'
    if (now.online) return now.responding ? 'done' : 'active'
    return 'failed'
  }
  return (
    <div class={styles['form']}>
      <ProgressSteps
        label="Connection to fail2ban"
        steps={[
          { label: 'Find the socket of fail2ban', state: found() },
          { label: 'Connect to it and get an answer', state: allowed() },
        ]}
      />
      <Show when={problem()}>
        <Banner tone="danger" title="The connection could not be checked" role="alert">
          {problem()}
        </Banner>
      </Show>
      <Show when={daemonHelp(status())}>
        {(help) => (
          <Banner tone="warning" title={describeDaemon(status()).sentence} role="alert">
            <div class={styles['help']}>
              <p>{status()?.message ?? help().text}</p>
              <For each={seen()?.commands ?? []}>{(command) => <CopyCommand command={command} />}</For>
            </div>
          </Banner>
        )}
      </Show>
      <div class={styles['buttons']}>
        <Button variant="primary" loading={busy()} onClick={() => void look()}>
          Check again
        </Button>
        <Button variant="ghost" onClick={() => props.skip()}>
          Continue without fail2ban
        </Button>
      </div>
    </div>
  )
}
