import { DAY_MS, type ListedFinding, showHidden } from '@bangui/shared'
import { createSignal, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './accept-dialog.module.css'

/** For how long a finding can be accepted; null: until it is solved. */
const spans: readonly { value: string; label: string; days: number | null }[] = [
  { value: 'day', label: 'One day', days: 1 },
  { value: 'week', label: 'One week', days: 7 },
  { value: 'month', label: '30 days', days: 30 },
  { value: 'year', label: 'One year', days: 365 },
  { value: 'solved', label: 'Until it is solved', days: null },
]

/** What the form of an acceptance holds, and sending it. */
function createAcceptForm(finding: () => ListedFinding, onDone: () => void) {
  const api = useApi()
  const [reason, setReason] = createSignal('')
  const [span, setSpan] = createSignal('week')
  const [isMissing, setMissing] = createSignal(false)
  const [busy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<string>()
  const accept = async () => {
    setMissing(reason().trim() === '')
    if (isMissing() || busy()) return
    const days = spans.find(({ value }) => value === span())?.days ?? null
    setBusy(true)
    setProblem(undefined)
    try {
      await api.health.accept.mutate({
        id: finding().id,
        reason: reason().trim(),
        until: days === null ? null : Date.now() + days * DAY_MS,
      })
      onDone()
    } catch (error) {
      setProblem(describeError(error).message)
    } finally {
      setBusy(false)
    }
  }
  const change = (text: string) => {
    setReason(text.slice(0, 500))
    setMissing(false)
  }
  return { reason, setReason: change, span, setSpan, isMissing, busy, problem, accept }
}

/** Asks why a finding is accepted, and for how long. */
export function AcceptDialog(props: { finding: ListedFinding; onClose: () => void }): JSX.Element {
  const form = createAcceptForm(
    () => props.finding,
    () => props.onClose(),
  )
  let field: HTMLInputElement | undefined
  const send = async () => {
    await form.accept()
    if (form.isMissing()) field?.focus()
  }
  return (
    <Dialog
      open
      size="sm"
      locked={form.busy()}
      onOpenChange={() => props.onClose()}
      title="Accept this finding?"
      description={`“${showHidden(props.finding.title)}” stays in the list but no longer counts and raises no alert. Others see your name and the reason.`}
      footer={
        <>
          <Button
            unavailable={form.busy() && 'The finding is being accepted'}
            onClick={() => props.onClose()}
          >
            Cancel
          </Button>
          <Button variant="primary" loading={form.busy()} onClick={() => void send()}>
            Accept finding
          </Button>
        </>
      }
    >
      <form
        class={styles['form']}
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <TextField
          ref={(input) => (field = input)}
          label="Reason"
          placeholder="Why this is acceptable for now"
          value={form.reason()}
          onChange={form.setReason}
          error={form.isMissing() ? 'Enter a reason.' : undefined}
        />
        <Select
          label="For how long"
          value={form.span()}
          options={spans}
          onChange={form.setSpan}
          description={
            form.span() === 'solved'
              ? 'If the problem comes back later, it counts again.'
              : 'After that, the finding counts again.'
          }
        />
        {/* Enter sends the form */}
        <button type="submit" hidden />
      </form>
      <Show when={form.problem()}>
        {(why) => (
          <Banner tone="danger" role="alert" title="The finding was not accepted.">
            {why()}
          </Banner>
        )}
      </Show>
    </Dialog>
  )
}
