import { createSignal, type JSX, Show } from 'solid-js'
import { describeError } from '../api/errors.ts'
import { useStatsApi } from '../api/stats-api.ts'
import { useCanChange } from '../lib/permissions.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'

/** Offers to set up the jail that holds bans longer than a jail's own. */
export function ManualJailOffer(props: { onDone: () => void }): JSX.Element {
  const api = useStatsApi()
  const canConfigure = useCanChange('config.write')
  const [busy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<string>()
  const setUp = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      const result = await api.bans.setUpManualJail.mutate({ provisional: true })
      if (result.applied) props.onDone()
      else setProblem(result.output ?? 'fail2ban refused the change, so nothing was changed.')
    } catch (error) {
      setProblem(describeError(error).message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Banner
      tone="warning"
      title="This jail does not ban for that long."
      actions={
        <Show when={canConfigure()}>
          <Button size="sm" loading={busy()} onClick={() => void setUp()}>
            Set up the jail bangui
          </Button>
        </Show>
      }
    >
      For longer bans BanGUI uses its own jail, “bangui”.
      <Show when={!canConfigure()}> An administrator can set it up.</Show>
      <Show when={problem()}>
        <p>
          <strong>Could not set up the jail “bangui”.</strong> {problem()}
        </p>
      </Show>
    </Banner>
  )
}
