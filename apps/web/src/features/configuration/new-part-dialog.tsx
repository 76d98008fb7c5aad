import type { CreateEdit } from '@bangui/shared'
import { useNavigate } from '@solidjs/router'
import { createSignal, type JSX, Show } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { toast } from '../../ui/toast.tsx'
import { hrefOf } from './config-part.ts'
import type { Draft } from './draft.ts'
import { isNewName, NAME_RULE } from './new-names.ts'
import styles from './setting-editor.module.css'

export type NewPartDialogProps = {
  scope: CreateEdit['scope']
  /** the part that is copied; undefined: an empty one, unless another is chosen */
  from?: string | undefined
  /** the names that there are already */
  taken: readonly string[]
  draft: Draft
  onClose: () => void
}

const meanings = {
  jail: 'The copy has all settings of the jail and is disabled until you enable it.',
  filter:
    'A filter finds failures in a log with regular expressions. A copy is independent: updates of fail2ban do not change it.',
  action:
    'An action contains the commands that fail2ban runs as root for each ban. A copy is independent: updates of fail2ban do not change it.',
} as const

/** Asks for the name of a new jail, filter or action, and puts it into the draft. */
export function NewPartDialog(props: NewPartDialogProps): JSX.Element {
  const navigate = useNavigate()
  // oxlint-disable-next-line solid/reactivity -- the choice begins with the part that is copied
  const [from, setFrom] = createSignal(props.from ?? '')
  // oxlint-disable-next-line solid/reactivity -- the name begins with that of the part that is copied
  const [name, setName] = createSignal(props.from === undefined ? '' : `${props.from}-copy`)
  const problem = () => {
    if (!isNewName(name())) return NAME_RULE
    return props.taken.includes(name()) ? `There is already a ${props.scope} with this name.` : undefined
  }
  const add = () => {
    if (problem() !== undefined) return
    const edit: CreateEdit = {
      kind: 'create',
      scope: props.scope,
      name: name(),
      ...(from() !== '' && { from: from() }),
    }
    props.draft.add(edit)
    toast({
      tone: 'ok',
      title: `The ${props.scope} is in the draft`,
      text: 'Nothing changes until you apply the draft.',
    })
    props.onClose()
    navigate(hrefOf({ kind: props.scope, name: name() }))
  }
  return (
    <Dialog
      open
      size="sm"
      title={props.from === undefined ? `New ${props.scope}` : `Copy the ${props.scope} ${props.from}`}
      description={meanings[props.scope]}
      onOpenChange={() => props.onClose()}
      footer={
        <>
          <Button onClick={() => props.onClose()}>Cancel</Button>
          <Button variant="primary" unavailable={problem() ?? false} onClick={add}>
            Add to draft
          </Button>
        </>
      }
    >
      <form
        class={styles['stack']}
        onSubmit={(event) => {
          event.preventDefault()
          add()
        }}
      >
        <TextField
          label="Name"
          mono
          value={name()}
          error={name() === '' ? undefined : problem()}
          onChange={setName}
        />
        <Show when={props.from === undefined}>
          <Select
            label="Start with"
            value={from()}
            options={[
              { value: '', label: `An empty ${props.scope}` },
              ...props.taken.map((each) => ({ value: each, label: `A copy of ${each}` })),
            ]}
            onChange={setFrom}
          />
        </Show>
      </form>
    </Dialog>
  )
}
