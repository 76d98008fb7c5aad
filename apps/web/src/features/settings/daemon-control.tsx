import type { RuntimeSnapshot } from '@bangui/shared'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { describeActivity } from '../../lib/activity.ts'
import { describeDaemon } from '../../lib/daemon-state.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { CodeBlock } from '../../ui/copy-command.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import { toast } from '../../ui/toast.tsx'
import { type Verb, unavailableVerb, verbs } from './daemon-verbs.ts'
import styles from './settings.module.css'

/** Buttons that check, load, start and stop fail2ban. */
export function DaemonControl(): JSX.Element {
  const live = useLive()
  const canControl = useCanChange('daemon.control')
  const control = createControl()
  const [toConfirm, setToConfirm] = createSignal<Verb>()
  const offered = () => (canControl() ? verbs : verbs.filter((verb) => verb.name === 'probe'))
  const unavailable = (verb: Verb, runtime: RuntimeSnapshot) =>
    control.doing() === verb.name
      ? undefined
      : unavailableVerb(verb, runtime.serverStatus, describeActivity(runtime))
  const daemon = () => describeDaemon(live.runtime?.serverStatus)
  return (
    <Card
      title="Control"
      actions={<StatusDot tone={daemon().tone} label={daemon().word} pulse={daemon().busy} />}
    >
      <Show when={control.problem()}>
        {(problem) => (
          <Banner
            tone="danger"
            role="alert"
            title={`${problem().verb.label} failed.`}
            onDismiss={() => control.clear()}
          >
            <p>{problem().message}</p>
            <Show when={problem().output}>
              {(output) => <CodeBlock label="Output of fail2ban" code={output()} />}
            </Show>
          </Banner>
        )}
      </Show>
      <Show when={live.runtime} fallback={<Skeleton lines={5} height="28px" />}>
        {(runtime) => (
          <For each={offered()}>
            {(verb) => (
              <div class={styles['verb']}>
                <div>
                  <p class={styles['controlName']}>{verb.label}</p>
                  <p class={styles['controlText']}>{verb.text(runtime().serverStatus)}</p>
                </div>
                <Button
                  size="sm"
                  aria-label={`${verb.label} fail2ban`}
                  loading={control.doing() === verb.name}
                  unavailable={unavailable(verb, runtime())}
                  onClick={() => (verb.consequence ? setToConfirm(verb) : void control.run(verb))}
                >
                  {verb.label}
                </Button>
              </div>
            )}
          </For>
        )}
      </Show>
      <Confirm
        verb={toConfirm()}
        onClose={() => setToConfirm(undefined)}
        onConfirm={(verb) => void control.run(verb)}
      />
    </Card>
  )
}

/** What failed, as a sentence and as fail2ban's output. */
type ControlProblem = { verb: Verb; message: string; output: string | null }

function createControl() {
  const api = useApi()
  const [doing, setDoing] = createSignal<Verb['name']>()
  const [problem, setProblem] = createSignal<ControlProblem>()
  const run = async (verb: Verb) => {
    setDoing(verb.name)
    setProblem(undefined)
    try {
      const result = await api.server[verb.name].mutate()
      if ('applied' in result && !result.applied)
        setProblem({ verb, message: 'fail2ban refused the command.', output: result.output })
      else toast({ tone: 'ok', title: verb.done })
    } catch (error) {
      setProblem({ verb, message: describeError(error).message, output: null })
    } finally {
      setDoing(undefined)
    }
  }
  return { doing, problem, run, clear: () => setProblem(undefined) }
}

function Confirm(props: {
  verb: Verb | undefined
  onClose: () => void
  onConfirm: (verb: Verb) => void
}): JSX.Element {
  const live = useLive()
  const consequence = () => {
    const status = live.runtime?.serverStatus
    return status && props.verb?.consequence?.(status)
  }
  return (
    <Dialog
      open={props.verb !== undefined}
      onOpenChange={() => props.onClose()}
      role="alertdialog"
      size="sm"
      title={`${props.verb?.label ?? ''} fail2ban?`}
      description={consequence()}
      footer={
        <>
          <Button onClick={() => props.onClose()}>Cancel</Button>
          <Button
            variant="danger"
            onClick={() => {
              const verb = props.verb
              props.onClose()
              if (verb) props.onConfirm(verb)
            }}
          >
            {props.verb?.label} fail2ban
          </Button>
        </>
      }
    />
  )
}
