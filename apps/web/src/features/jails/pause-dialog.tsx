import { MINUTE_MS } from '@bangui/shared'
import { createSignal, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { formatExact } from '../../lib/format.ts'
import { useNow } from '../../lib/clock.ts'
import { createOperationId } from '../../lib/operation-id.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { toast } from '../../ui/toast.tsx'
import styles from './jails-page.module.css'

const durations = [
  { minutes: 5, label: '5 minutes' },
  { minutes: 15, label: '15 minutes' },
  { minutes: 30, label: '30 minutes' },
  { minutes: 60, label: '1 hour' },
  { minutes: 120, label: '2 hours' },
  { minutes: 240, label: '4 hours' },
  { minutes: 480, label: '8 hours' },
  { minutes: 1440, label: '24 hours' },
] as const

/** Asks for how long all jails are to be idle, and why. */
export function PauseDialog(props: { onClose: () => void }): JSX.Element {
  const api = useApi()
  const now = useNow()
  const [minutes, setMinutes] = createSignal(60)
  const [reason, setReason] = createSignal('')
  const [busy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<string>()
  const start = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      const { left } = await api.pause.start.mutate({
        minutes: minutes(),
        reason: reason().trim(),
        operationId: createOperationId(),
      })
      if (left.length > 0)
        toast({
          tone: 'warning',
          title: 'Some jails are not idle yet',
          text: `BanGUI tries again: ${left.join(', ')}.`,
        })
      props.onClose()
    } catch (error) {
      setProblem(describeError(error).message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      size="sm"
      locked={busy()}
      onOpenChange={() => props.onClose()}
      title="Pause all jails?"
      description="Idle jails count no failures, ban nobody and end no bans; banned addresses stay blocked. After the pause, fail2ban reads what was logged in the meantime. Every page shows the pause. The jails that are active now resume automatically, even after a restart of BanGUI or fail2ban."
      footer={
        <>
          <Button unavailable={busy() && 'The jails are being paused'} onClick={() => props.onClose()}>
            Cancel
          </Button>
          <Button variant="danger" loading={busy()} onClick={() => void start()}>
            Pause all jails
          </Button>
        </>
      }
    >
      <div class={styles['pause']}>
        <Select
          label="For how long"
          value={String(minutes())}
          options={durations.map(({ minutes: value, label }) => ({ value: String(value), label }))}
          description={`Until ${formatExact(now() + minutes() * MINUTE_MS)}`}
          onChange={(value) => setMinutes(Number(value))}
        />
        <TextField
          label="Reason"
          description="Shown to everybody. Optional."
          value={reason()}
          disabled={busy()}
          onChange={setReason}
        />
        <Show when={problem()}>
          {(text) => (
            <Banner tone="danger" role="alert" title="The jails were not paused.">
              {text()}
            </Banner>
          )}
        </Show>
      </div>
    </Dialog>
  )
}
