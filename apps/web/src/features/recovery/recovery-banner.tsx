import { showHidden } from '@bangui/shared'
import {
  createEffect,
  createMemo,
  createSignal,
  type JSX,
  lazy,
  Match,
  Show,
  Suspense,
  Switch,
} from 'solid-js'
import { defineLazyModule } from '../../lib/lazy-module.ts'
import { useCan, useCanChange } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/copy-command.tsx'
import { ProgressSteps } from '../../ui/progress-steps.tsx'
import { dismissAllToasts } from '../../ui/toast.tsx'
import type { Tone } from '../../ui/tone.ts'
import { whenFetched } from '../../ui/when-fetched.ts'
import { createRecovery } from './create-recovery.ts'
import styles from './recovery-banner.module.css'
import {
  consequence,
  headline,
  isLoadOnly,
  isWithoutChange,
  type RecoveryPhase,
  unconfirmedTitle,
} from './recovery-words.ts'
import { rollbackSteps } from './rollback-steps.ts'

const detailsModule = defineLazyModule(() => import('./recovery-details.tsx'))
const RecoveryDetails = lazy(async () => ({ default: (await detailsModule.load()).RecoveryDetails }))

const tones: Record<RecoveryPhase, Tone> = {
  open: 'danger',
  rolling: 'info',
  failed: 'danger',
  settling: 'info',
  recovered: 'ok',
}

type Recovery = ReturnType<typeof createRecovery>

/** A failed change: what happened, one click to undo it, and the progress. Shown on every page. */
export function RecoveryBanner(): JSX.Element {
  const recovery = createRecovery()
  const [details, setDetails] = createSignal(false)
  // it stays mounted once it was opened, so that it can close with its animation and return the focus
  const wasOpened = createMemo<boolean>((before) => before || details(), false)
  // on a small screen, toasts would cover it
  createEffect(() => {
    if (recovery.phase() === 'open') dismissAllToasts()
  })
  return (
    <>
      <Show when={recovery.phase()}>
        {(phase) => (
          <Banner
            bar
            stacked
            role="alert"
            tone={tones[phase()]}
            title={<Title recovery={recovery} />}
            actions={
              <Actions
                recovery={recovery}
                onDetails={() => void whenFetched(detailsModule, () => setDetails(true))}
              />
            }
          >
            <Text recovery={recovery} />
          </Banner>
        )}
      </Show>
      <Show when={recovery.pending()}>
        {(pending) => (
          <Show when={wasOpened()}>
            <Suspense>
              <RecoveryDetails
                open={details()}
                onOpenChange={setDetails}
                pending={pending()}
                kind={recovery.kind()}
                progress={recovery.progress()}
              />
            </Suspense>
          </Show>
        )}
      </Show>
    </>
  )
}

function Title(props: { recovery: Recovery }): JSX.Element {
  const jail = () => props.recovery.pending()?.jailName ?? props.recovery.progress()?.jailName ?? ''
  const rolledBack = () => props.recovery.progress()?.step === 'done'
  const phase = () => props.recovery.phase()
  return (
    <Switch fallback={<Headline recovery={props.recovery} />}>
      <Match when={unconfirmedTitle(props.recovery.pending(), phase())}>{(title) => <>{title()}</>}</Match>
      <Match when={isReloading(props.recovery) && phase() === 'rolling'}>Loading the missing jails</Match>
      <Match when={isReloading(props.recovery) && phase() === 'failed'}>
        The missing jails could not be loaded
      </Match>
      <Match when={isReloading(props.recovery) && (phase() === 'settling' || phase() === 'recovered')}>
        No jail is missing now
      </Match>
      <Match when={phase() === 'rolling'}>
        Rolling back <JailName name={jail()} />
      </Match>
      <Match when={phase() === 'failed'}>
        The rollback of <JailName name={jail()} /> failed
      </Match>
      <Match when={phase() === 'settling'}>
        <Show when={rolledBack()} fallback="fail2ban answers again">
          <JailName name={jail()} /> is rolled back and fail2ban answers again
        </Show>
      </Match>
      <Match when={phase() === 'recovered'}>
        <Show when={rolledBack()} fallback="fail2ban is online again">
          fail2ban is online again: <JailName name={jail()} /> was rolled back
        </Show>
      </Match>
    </Switch>
  )
}

function Headline(props: { recovery: Recovery }): JSX.Element {
  return (
    <Show when={props.recovery.pending()}>
      {(pending) => {
        const parts = () => headline(pending(), props.recovery.kind())
        return (
          <>
            {parts()[0]}
            <Show when={parts()[0].endsWith(' ')}>
              <JailName name={pending().jailName ?? ''} />
            </Show>
            {parts()[1]}
          </>
        )
      }}
    </Show>
  )
}

/** No change is rolled back: the missing jails are loaded again. */
function isReloading(recovery: Recovery): boolean {
  const pending = recovery.pending()
  return pending ? isWithoutChange(pending) : recovery.progress()?.jailName === null
}

/** There were no files to restore. */
function isLoaded(recovery: Recovery): boolean {
  const pending = recovery.pending()
  return pending !== undefined && isLoadOnly(pending)
}

const JailName = (props: { name: string }): JSX.Element => (
  <Show when={props.name !== ''} fallback="the last change">
    <code class={styles['jail']}>{showHidden(props.name)}</code>
  </Show>
)

function Text(props: { recovery: Recovery }): JSX.Element {
  const live = useLive()
  const online = () => live.runtime?.serverStatus.online ?? false
  const progress = () => props.recovery.progress()
  const rolledBack = () => progress()?.step === 'done'
  const steps = () => (props.recovery.phase() === 'open' ? undefined : progress())
  return (
    <>
      <Switch>
        <Match when={props.recovery.phase() === 'open' && props.recovery.pending()}>
          {(pending) => <>{consequence(pending(), online())}</>}
        </Match>
        <Match when={props.recovery.phase() === 'failed'}>
          {progress()?.message ?? 'See what fail2ban reported, correct it, and try again.'}
        </Match>
        <Match when={props.recovery.phase() === 'settling'}>Confirming that it stays up (10 s).</Match>
        <Match when={props.recovery.phase() === 'recovered'}>
          <Show
            when={rolledBack()}
            fallback={
              isReloading(props.recovery)
                ? 'The jails are running or have been deactivated.'
                : 'fail2ban was started outside BanGUI. The change that was loaded before fail2ban stopped is still in place.'
            }
          >
            {isReloading(props.recovery)
              ? 'The jails are running or have been deactivated.'
              : isLoaded(props.recovery)
                ? 'fail2ban is running.'
                : restoredText(props.recovery)}
          </Show>
        </Match>
      </Switch>
      <Show when={props.recovery.problem()}>
        {(problem) => (
          <p>
            <strong>The rollback failed.</strong> {problem().message}
          </p>
        )}
      </Show>
      <Show when={steps()}>
        {(shown) => (
          <div class={styles['progress']}>
            <ProgressSteps label="Rollback" steps={rollbackSteps(shown(), online())} />
            <Show when={shown().step === 'failed' && shown().output}>
              {(output) => <CodeBlock label="Output of fail2ban" code={output()} maxHeight={160} />}
            </Show>
          </div>
        )}
      </Show>
    </>
  )
}

const restoredText = (recovery: Recovery): string =>
  recovery.pending()?.cause === 'not_confirmed'
    ? 'The configuration is as it was before. A change that can lock people out is kept only if it is confirmed.'
    : 'The configuration was restored.'

function Actions(props: { recovery: Recovery; onDetails: () => void }): JSX.Element {
  const live = useLive()
  const canRecover = useCanChange('recovery.write')
  const canDismiss = useCan('recovery.write')
  const phase = () => props.recovery.phase()
  const rolledBack = () => props.recovery.progress()?.step === 'done'
  const mayRollBack = () => {
    if (!canRecover() || phase() === 'rolling') return false
    // a daemon that came back by itself may crash again, because the change is still in place
    return phase() === 'open' || phase() === 'failed' || (!rolledBack() && !isReloading(props.recovery))
  }
  const label = () => {
    if (phase() === 'failed') return 'Try again'
    if (isReloading(props.recovery) && live.runtime?.serverStatus.online) return 'Load these jails'
    return live.runtime?.serverStatus.online ? 'Roll back' : 'Roll back and restart'
  }
  return (
    <>
      <Show when={mayRollBack()}>
        <Button
          size="sm"
          variant={phase() === 'open' || phase() === 'failed' ? 'primary' : 'secondary'}
          loading={props.recovery.doing() === 'rollback'}
          onClick={() => void props.recovery.run('rollback')}
        >
          {label()}
        </Button>
      </Show>
      <Show when={props.recovery.pending()}>
        <Button size="sm" onClick={() => props.onDetails()}>
          Show the log
        </Button>
      </Show>
      <Show
        when={canDismiss() && props.recovery.pending() && phase() !== 'rolling' && phase() !== 'settling'}
      >
        <Button
          size="sm"
          variant="ghost"
          loading={props.recovery.doing() === 'dismiss'}
          onClick={() => void props.recovery.run('dismiss')}
        >
          Dismiss
        </Button>
      </Show>
    </>
  )
}
