import { showHidden, type UnconfirmedChange } from '@bangui/shared'
import { createSignal, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { useNow } from '../../lib/clock.ts'
import { timeLeft } from '../../lib/time-left.ts'
import { describeRisks } from '../../lib/lock-out-words.ts'
import { useCan, useCanChange } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { isRollingBack } from '../../lib/activity.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { type Confirming, createConfirming } from './create-confirming.ts'

/** The change that waits to be confirmed: why, until when, and who decides. This page confirms it by itself if it applied it. */
export function ConfirmationBanner(): JSX.Element {
  const live = useLive()
  const confirming = createConfirming()
  // the rollback has a banner of its own
  const waiting = () => (isRollingBack(live.runtime) ? undefined : confirming.change())
  return <Show when={waiting()}>{(change) => <Waiting change={change()} confirming={confirming} />}</Show>
}

function Waiting(props: { change: UnconfirmedChange; confirming: Confirming }): JSX.Element {
  const api = useApi()
  const canKeep = useCan('config.execute')
  const canRollBack = useCanChange('recovery.write')
  const [doing, setDoing] = createSignal<'keep' | 'rollback'>()
  const [problem, setProblem] = createSignal<string>()
  const run = async (what: 'keep' | 'rollback') => {
    setDoing(what)
    setProblem(undefined)
    try {
      if (what === 'keep') await api.config.confirm.mutate({ id: props.change.id, keep: true })
      else await api.recovery.rollback.mutate()
    } catch (error) {
      setProblem(describeError(error).message)
    } finally {
      setDoing(undefined)
    }
  }
  return (
    <Banner
      bar
      stacked
      tone="warning"
      title={`A change is waiting to be confirmed: ${showHidden(props.change.title)}`}
      actions={
        <>
          <Show when={canRollBack()}>
            <Button size="sm" loading={doing() === 'rollback'} onClick={() => void run('rollback')}>
              Roll back now
            </Button>
          </Show>
          <Show when={canKeep()}>
            <Button size="sm" loading={doing() === 'keep'} onClick={() => void run('keep')}>
              Keep
            </Button>
          </Show>
        </>
      }
    >
      <Words change={props.change} confirming={props.confirming} />
      <Show when={problem()}>{(message) => <p>{showHidden(message())}</p>}</Show>
    </Banner>
  )
}

function Words(props: { change: UnconfirmedChange; confirming: Confirming }): JSX.Element {
  const who = () => showHidden(props.change.by ?? 'Somebody')
  return (
    <>
      <Show
        when={props.confirming.role() === 'own'}
        fallback={
          <>
            {who()} applied it. It is kept as soon as the browser of {who()} has reached BanGUI twice over new
            connections, and rolled back otherwise <TimeLeft change={props.change} />.
          </>
        }
      >
        <Show
          when={props.change.confirmations > 0}
          fallback="This page checks that it still reaches BanGUI over a new connection."
        >
          This page has reached BanGUI over a new connection and will check once more.
        </Show>{' '}
        You do not need to do anything. If the check fails, the change is rolled back{' '}
        <TimeLeft change={props.change} />.
      </Show>{' '}
      <Show when={props.change.risks.length > 0}>
        It can lock people out, because {describeRisks(props.change.risks)}.
      </Show>
      <Show when={props.confirming.throughProxy()}>
        {' '}
        BanGUI is behind a proxy, so this shows only that the proxy reaches BanGUI: check other ways to this
        machine yourself.
      </Show>
    </>
  )
}

/** The seconds until the rollback; they are not announced each time. */
function TimeLeft(props: { change: UnconfirmedChange }): JSX.Element {
  const now = useNow()
  return <span aria-hidden="true">in {timeLeft(props.change, now())}</span>
}
