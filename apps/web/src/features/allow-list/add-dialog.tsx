import { type IgnoreStatus, parseIgnorable, showHidden } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { createSignal, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError, type Problem } from '../../api/errors.ts'
import { useUndoAllow } from '../../bans/allow-address.ts'
import { allowSpans } from '../../bans/allow-spans.ts'
import { plural } from '../../lib/format.ts'
import { createOperationId } from '../../lib/operation-id.ts'
import { useCan } from '../../lib/permissions.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
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
  const [span, setSpan] = createSignal('always')
  const [note, setNote] = createSignal('')
  const [unbans, setUnbans] = createSignal(true)
  const [isMissing, setMissing] = createSignal(false)
  const [busy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<Problem>()
  const change = (set: (value: string) => void) => (value: string) => {
    set(value)
    setMissing(false)
    setProblem(undefined)
  }
  const send = async (insist: { force?: boolean } = {}) => {
    setMissing(address().trim() === '')
    if (isMissing() || busy()) return
    setBusy(true)
    setProblem(undefined)
    const operationId = createOperationId()
    const spanMs = allowSpans.find(({ value }) => value === span())?.spanMs
    try {
      const added = await api.ignores.add.mutate({
        address: address().trim(),
        jail: jail() === '' ? null : jail(),
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
    } catch (error) {
      setProblem(describeError(error))
    } finally {
      setBusy(false)
      await Promise.all(
        ['ignores', 'bans', 'addresses', 'jails'].map((key) => client.invalidateQueries({ queryKey: [key] })),
      )
    }
  }
  return {
    address,
    setAddress: change(setAddress),
    jail,
    setJail: change(setJail),
    span,
    setSpan: change(setSpan),
    note,
    setNote: (text: string) => setNote(text.slice(0, 200)),
    unbans,
    setUnbans,
    isMissing,
    busy,
    problem,
    send,
  }
}

type AddForm = ReturnType<typeof createAddForm>

/** Adds an entry to the allow list. */
export function AddDialog(props: { status: IgnoreStatus | undefined; onClose: () => void }): JSX.Element {
  const form = createAddForm(() => props.onClose())
  let field: HTMLInputElement | undefined
  const send = async () => {
    await form.send()
    if (form.isMissing()) field?.focus()
  }
  return (
    <Dialog
      open
      locked={form.busy()}
      onOpenChange={() => props.onClose()}
      title="Add to the allow list"
      description="fail2ban never bans what the entry covers, from now on."
      footer={
        <>
          <Button unavailable={form.busy() && 'The entry is being added'} onClick={() => props.onClose()}>
            Cancel
          </Button>
          <Button variant="primary" loading={form.busy()} onClick={() => void send()}>
            Add entry
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
        <AddFields form={form} status={props.status} onField={(input) => (field = input)} />
        {/* Enter sends the form */}
        <button type="submit" hidden />
      </form>
      <AddProblem form={form} />
    </Dialog>
  )
}

function AddFields(props: {
  form: AddForm
  status: IgnoreStatus | undefined
  onField: (input: HTMLInputElement) => void
}): JSX.Element {
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
          ref={(input) => props.onField(input)}
          label={mayName() ? 'Address, network or host name' : 'Address or network'}
          placeholder="203.0.113.7 or 203.0.113.0/24"
          mono
          value={props.form.address()}
          onChange={(value) => props.form.setAddress(value)}
          error={props.form.isMissing() ? 'Enter an address.' : undefined}
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

function AddProblem(props: { form: AddForm }): JSX.Element {
  return (
    <Show when={props.form.problem()}>
      {(problem) => (
        <Banner
          tone={problem().reason === 'ignore_too_wide' ? 'warning' : 'danger'}
          role="alert"
          title="The entry was not added."
          actions={
            <Show when={problem().reason === 'ignore_too_wide'}>
              <Button size="sm" onClick={() => void props.form.send({ force: true })}>
                Add it anyway
              </Button>
            </Show>
          }
        >
          {problem().message}
        </Banner>
      )}
    </Show>
  )
}
