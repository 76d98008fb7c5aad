import { createEffect, createSignal, type JSX, onCleanup, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { Button } from '../../ui/button.tsx'
import { toast } from '../../ui/toast.tsx'

/** How long a load usually takes at most, in milliseconds: nobody needs to cancel it before. */
const USUAL_LOAD_MS = 5_000

/** Whether something has been under way for longer than a load usually takes. */
export function createOverdue(isLoading: () => boolean): () => boolean {
  const [overdue, setOverdue] = createSignal(false)
  createEffect(() => {
    setOverdue(false)
    if (!isLoading()) return
    const timer = setTimeout(() => setOverdue(true), USUAL_LOAD_MS)
    onCleanup(() => clearTimeout(timer))
  })
  return overdue
}

/** Ends a load that takes too long, for those who may change the configuration. */
export function CancelLoad(props: { size?: 'sm' }): JSX.Element {
  const api = useApi()
  const canControl = useCanChange('daemon.control')
  const [busy, setBusy] = createSignal(false)
  const cancel = async () => {
    setBusy(true)
    try {
      const { cancelled } = await api.server.cancelLoad.mutate()
      if (!cancelled) toast({ tone: 'neutral', title: 'There is nothing left to cancel' })
    } catch (error) {
      toast({ tone: 'danger', title: 'The load could not be cancelled', text: describeError(error).message })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Show when={canControl()}>
      <Button size={props.size} loading={busy()} onClick={() => void cancel()}>
        Cancel loading
      </Button>
    </Show>
  )
}
