import { createSignal, type JSX, Show } from 'solid-js'
import { describeError } from '../api/errors.ts'
import { useCanChange } from '../lib/permissions.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'

export type SetUpJailOfferProps = {
  jail: string
  title: string
  tone: 'warning' | 'info'
  /** sets up the jail, and returns what fail2ban said to it */
  setUp: () => Promise<{ applied: boolean; output: string | null }>
  onDone?: () => void
  /** what the jail is for */
  children: JSX.Element
}

/** Offers to set up a jail of BanGUI. */
export function SetUpJailOffer(props: SetUpJailOfferProps): JSX.Element {
  const canConfigure = useCanChange('config.write')
  const [busy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<string>()
  const setUp = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      const result = await props.setUp()
      if (result.applied) props.onDone?.()
      else setProblem(result.output ?? 'fail2ban refused the change, so nothing was changed.')
    } catch (error) {
      setProblem(describeError(error).message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Banner
      tone={props.tone}
      title={props.title}
      actions={
        <Show when={canConfigure()}>
          <Button size="sm" loading={busy()} onClick={() => void setUp()}>
            Set up the jail {props.jail}
          </Button>
        </Show>
      }
    >
      {props.children}
      <Show when={!canConfigure()}> An administrator can set it up.</Show>
      <Show when={problem()}>
        <p>
          <strong>Could not set up the jail “{props.jail}”.</strong> {problem()}
        </p>
      </Show>
    </Banner>
  )
}
