import { type IgnoreStatus, parseIgnorable, showHidden } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { createSignal, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { createSubmit } from '../../api/create-submit.ts'
import { useUndoAllow } from '../../bans/allow-address.ts'
import { allowSpans } from '../../bans/allow-spans.ts'
import { plural } from '../../lib/format.ts'
import { createOperationId } from '../../lib/operation-id.ts'
import { useCan } from '../../lib/permissions.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { SegmentedControl } from '../../ui/segmented-control.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { toast } from '../../ui/toast.tsx'
import styles from './allow-list.module.css'

/** What the form of a new entry holds, and sending it. */
function createAddForm(onDone: () => void) {
  const api = useApi()
  const client = useQueryClient()
  const undo = useUndoAllow()
  const [address, setAddress] = createSignal('')
  const [jail, setJail] = createSignal('')
  const [everyHost, setEveryHost] = createSignal(false)
  const [span, setSpan] = createSignal('always')
  const [note, setNote] = createSignal('')
  const [unbans, setUnbans] = createSignal(true)
  const change = (set: (value: string) => void) => (value: string) => {
    set(value)
    submit.forget()
  }
  const send = async (insist: { force?: boolean } = {}) => {
    const operationId = createOperationId()
    const spanMs = allowSpans.find(({ value }) => value === span())?.spanMs
    try {
      const added = await api.ignores.add.mutate({
        address: address().trim(),
        jail: jail() === '' ? null : jail(),
        everyHost: everyHost(),
        note: note().trim(),
        expiresAt: spanMs === undefined ? null : Date.now() + spanMs,
        unban: unbans(),
        operationId,
        ...insist,
      })
      const name = showHidden(parseIgnorable(address().trim())?.text ?? address().trim())
      const ended = added.unbanned > 0 ? [`${plural(added.unbanned, 'ban has', 'bans have')} ended.`] : []
      toast({
        tone: added.problems.length === 0 ? 'ok' : 'warning',
        title: `${name} is never banned`,
        text:
          [...ended, ...added.problems].map(showHidden).join(' ') ||
          `It holds in ${plural(added.jails.length, 'running jail')}.`,
        action: {
          label: 'Undo',
          onSelect: () => void undo(operationId, `${name} removed from the allow list`),
        },
      })
      onDone()
    } finally {
      void Promise.all(
        ['ignores', 'bans', 'addresses', 'jails'].map((key) => client.invalidateQueries({ queryKey: [key] })),
      )
    }
  }
  const submit = createSubmit({
    check: (): Record<string, string> => (address().trim() === '' ? { address: 'Enter an address.' } : {}),
    send,
  })
  return {
    address,
    setAddress: change(setAddress),
    jail,
    setJail: change(setJail),
    everyHost,
    setEveryHost,
    span,
    setSpan: change(setSpan),
    note,
    setNote: (text: string) => setNote(text.slice(0, 200)),
    unbans,
    setUnbans,
    submit,
  }
}

type AddForm = ReturnType<typeof createAddForm>

/** Adds an entry to the allow list. */
export function AddDialog(props: { status: IgnoreStatus | undefined; onClose: () => void }): JSX.Element {
  const form = createAddForm(() => props.onClose())
  const { submit, busy, refusal } = form.submit
  const shownRefusal = () => {
    const problem = refusal()
    if (!problem) return undefined
    const isForceable = problem.reason === 'ignore_too_wide'
    return {
      title: 'The entry was not added.',
      why: problem.message,
      ...(isForceable && {
        tone: 'warning' as const,
        actions: (
          <Button size="sm" onClick={() => void submit({ force: true })}>
            Add it anyway
          </Button>
        ),
      }),
    }
  }
  return (
    <FormDialog
      title="Add to the allow list"
      description="fail2ban never bans what the entry covers, from now on."
      submit="Add entry"
      busy={busy()}
      busyReason="The entry is being added"
      refusal={shownRefusal()}
      onSubmit={() => submit()}
      onClose={() => props.onClose()}
    >
      <AddFields form={form} status={props.status} />
    </FormDialog>
  )
}

function AddFields(props: { form: AddForm; status: IgnoreStatus | undefined }): JSX.Element {
  const mayName = useCan('ignores.names')
  const jails = () => [
    { value: '', label: 'Every jail' },
    ...(props.status?.jails ?? []).map((each) => ({
      value: each.jail,
      label: each.running ? each.jail : `${each.jail} (not running)`,
    })),
  ]
  return (
    <>
      <div class={styles['withButton']}>
        <TextField
          label={mayName() ? 'Address, network or host name' : 'Address or network'}
          placeholder="203.0.113.7 or 203.0.113.0/24"
          mono
          value={props.form.address()}
          onChange={(value) => props.form.setAddress(value)}
          error={props.form.submit.errorOf('address')}
        />
        <Show when={props.status?.visitor}>
          {(visitor) => (
            <Button onClick={() => props.form.setAddress(visitor())}>Use mine ({visitor()})</Button>
          )}
        </Show>
      </div>
      <Select
        label="For"
        value={props.form.jail()}
        options={jails()}
        onChange={(value) => props.form.setJail(value)}
      />
      <Show when={(props.status?.hosts ?? 1) > 1}>
        <Checkbox
          label="On every host"
          checked={props.form.everyHost()}
          onChange={(checked) => props.form.setEveryHost(checked)}
        />
      </Show>
      <div class={styles['group']}>
        <span class={styles['label']} aria-hidden="true">
          Ends after
        </span>
        <SegmentedControl
          label="Ends after"
          value={props.form.span()}
          segments={allowSpans}
          onChange={(value) => props.form.setSpan(value)}
        />
        <p class={styles['hint']}>
          {props.form.span() === 'always'
            ? 'The entry stays until somebody removes it.'
            : 'BanGUI removes the entry then. While BanGUI is stopped, it stays until the next start.'}
        </p>
      </div>
      <TextField
        label="Note (optional)"
        placeholder="Whose address it is, and why"
        value={props.form.note()}
        onChange={(value) => props.form.setNote(value)}
      />
      <Checkbox
        label="End the bans that the entry covers"
        checked={props.form.unbans()}
        onChange={(checked) => props.form.setUnbans(checked)}
      />
    </>
  )
}
