import { ChannelKind, type ListedAlertChannel, showHidden } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { focusFirstInvalid } from '../../lib/focus-invalid.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Select } from '../../ui/select.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { channelKinds } from './alert-words.ts'
import { type ChannelField, channelFields } from './channel-fields.ts'
import { type ChannelForm, createChannelForm } from './create-channel-form.ts'
import { DeliveryFields } from './delivery-fields.tsx'
import styles from './forms.module.css'

export type ChannelDialogProps = {
  /** undefined: a new one */
  channel: ListedAlertChannel | undefined
  onClose: () => void
  onSaved: (id: number) => void
}

const kindOptions = ChannelKind.options.map((value) => ({ value, label: channelKinds[value].label }))

/** The form of a channel: where it sends, and when. */
export function ChannelDialog(props: ChannelDialogProps): JSX.Element {
  // oxlint-disable-next-line solid/reactivity -- the dialog is about one channel
  const form = createChannelForm(props.channel, (id) => props.onSaved(id))
  let element: HTMLFormElement | undefined
  const save = async () => {
    await form.save()
    if (element) focusFirstInvalid(element)
  }
  return (
    <Dialog
      open
      size="lg"
      locked={form.busy()}
      onOpenChange={() => props.onClose()}
      title={props.channel ? 'Edit channel' : 'Add channel'}
      footer={
        <>
          <Button unavailable={form.busy() && 'The channel is being saved'} onClick={() => props.onClose()}>
            Cancel
          </Button>
          <Button variant="primary" loading={form.busy()} onClick={() => void save()}>
            {form.isNew ? 'Add channel' : 'Save channel'}
          </Button>
        </>
      }
    >
      <form
        ref={(found) => (element = found)}
        class={styles['form']}
        noValidate
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <Show when={form.problem()}>
          {(why) => (
            <Banner tone="danger" role="alert" title="The channel was not saved.">
              {why()} What you entered is still in the form.
            </Banner>
          )}
        </Show>
        <div class={styles['pair']}>
          <Show
            when={form.isNew}
            fallback={
              <p class={styles['fixed']}>
                {channelKinds[form.kind()].label}: {channelKinds[form.kind()].meaning}
              </p>
            }
          >
            <Select
              label="Kind"
              value={form.kind()}
              options={kindOptions}
              description={channelKinds[form.kind()].meaning}
              onChange={(kind) => form.setKind(ChannelKind.parse(kind))}
            />
          </Show>
          <TextField
            label="Name"
            placeholder={form.namePlaceholder()}
            description="Shown in rules and in the log of messages."
            value={form.name()}
            error={form.errorOf('name')}
            onChange={form.setName}
          />
        </div>
        <div class={styles['grid']}>
          <For each={channelFields[form.kind()]}>{(field) => <ConfigField field={field} form={form} />}</For>
        </div>
        <DeliveryFields form={form} />
        {/* Enter sends the form */}
        <button type="submit" hidden />
      </form>
    </Dialog>
  )
}

function ConfigField(props: { field: ChannelField; form: ChannelForm }): JSX.Element {
  const name = () => props.field.name
  const common = () => ({
    label: props.field.label,
    description: props.field.description,
    error: props.form.errorOf(name()),
  })
  const text = () => String(props.form.draft[name()] ?? '')
  const type = (value: string | boolean) => props.form.type(name(), value)
  return (
    <div class={styles['cell']} data-wide={isWide(props.field) ? '' : undefined}>
      {controls()}
    </div>
  )

  function controls(): JSX.Element {
    switch (props.field.type) {
      case 'checkbox':
        return (
          <>
            <Checkbox
              label={props.field.label}
              checked={props.form.draft[name()] === true}
              onChange={(checked) => type(checked)}
            />
            <Show when={props.form.draft[name()] === true}>
              <p class={styles['warning']}>
                Anybody on the network between BanGUI and the mail server could read the messages and the
                password.
              </p>
            </Show>
          </>
        )
      case 'select':
        return <Select {...common()} value={text()} options={props.field.options ?? []} onChange={type} />
      case 'lines':
      case 'code':
        return (
          <TextArea
            {...common()}
            rows={props.field.type === 'code' ? 4 : 2}
            {...(props.field.placeholder && { placeholder: props.field.placeholder })}
            value={text()}
            onChange={type}
          />
        )
      case 'secret':
        return <SecretField field={props.field} form={props.form} />
      default:
        return (
          <TextField
            {...common()}
            plain
            name={name()}
            autocomplete="off"
            {...(props.field.placeholder && { placeholder: props.field.placeholder })}
            {...(props.field.type === 'number' && { inputMode: 'numeric' as const })}
            value={text()}
            onChange={type}
          />
        )
    }
  }
}

function SecretField(props: { field: ChannelField; form: ChannelForm }): JSX.Element {
  const name = () => props.field.name
  const isStored = () => props.form.isStored(name())
  const placeholder = () => (isStored() ? 'Stored: leave empty to keep it' : props.field.placeholder)
  return (
    <>
      <TextField
        label={props.field.label}
        description={props.field.description}
        error={props.form.errorOf(name())}
        type="password"
        name={name()}
        autocomplete="new-password"
        placeholder={placeholder() ?? ''}
        value={String(props.form.draft[name()] ?? '')}
        onChange={(value) => props.form.type(name(), value)}
      />
      <Show when={isStored() && props.field.optional}>
        <Button
          size="sm"
          variant="ghost"
          aria-label={`Remove the stored value: ${showHidden(props.field.label)}`}
          onClick={() => props.form.removeSecret(name())}
        >
          Remove the stored value
        </Button>
      </Show>
    </>
  )
}

const isWide = ({ name, type }: ChannelField) =>
  type === 'code' || type === 'checkbox' || name === 'url' || name === 'secret'
