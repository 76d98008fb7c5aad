import { DAY_MS, type ListedFinding, showHidden } from '@bangui/shared'
import { createSignal, type JSX } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { createSubmit } from '../../api/create-submit.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'

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
  const submit = createSubmit({
    check: (): Record<string, string> => (reason().trim() === '' ? { reason: 'Enter a reason.' } : {}),
    send: async () => {
      const days = spans.find(({ value }) => value === span())?.days ?? null
      await api.health.accept.mutate({
        id: finding().id,
        reason: reason().trim(),
        until: days === null ? null : Date.now() + days * DAY_MS,
      })
      onDone()
    },
  })
  const change = (text: string) => {
    setReason(text.slice(0, 500))
    submit.forgetField('reason')
  }
  return { reason, setReason: change, span, setSpan, submit }
}

/** Asks why a finding is accepted, and for how long. */
export function AcceptDialog(props: { finding: ListedFinding; onClose: () => void }): JSX.Element {
  const form = createAcceptForm(
    () => props.finding,
    () => props.onClose(),
  )
  const { busy, refusal, errorOf, submit } = form.submit
  const shownRefusal = () => {
    const problem = refusal()
    return problem && { title: 'The finding was not accepted.', why: problem.message }
  }
  return (
    <FormDialog
      size="sm"
      title="Accept this finding?"
      description={`“${showHidden(props.finding.title)}” stays in the list but no longer counts and raises no alert. Others see your name and the reason.`}
      submit="Accept finding"
      busy={busy()}
      busyReason="The finding is being accepted"
      refusal={shownRefusal()}
      onSubmit={submit}
      onClose={() => props.onClose()}
    >
      <TextField
        label="Reason"
        placeholder="Why this is acceptable for now"
        value={form.reason()}
        onChange={form.setReason}
        error={errorOf('reason')}
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
    </FormDialog>
  )
}
