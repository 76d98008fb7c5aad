import { createEffect, createSignal, type JSX, onCleanup, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { Button } from '../../ui/button.tsx'
import { toast } from '../../ui/toast.tsx'

/** A load usually takes less time: nobody needs to cancel it before. */
const USUAL_LOAD_MS = 5_000

/** Returns whether something has been in progress for longer than a load usually takes. */
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

/** Cancels a load that takes too long, for users who may control fail2ban. */
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
