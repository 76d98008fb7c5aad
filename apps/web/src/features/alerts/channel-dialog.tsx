import { type ChannelKind, type ListedAlertChannel, showHidden } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Select } from '../../ui/select.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { channelKinds } from './alert-words.ts'
import { type ChannelField, channelFields } from './channel-fields.ts'
import { type ChannelForm, createChannelForm } from './create-channel-form.ts'
import styles from './forms.module.css'
import { refusalOf } from './refusal-of.ts'
import { SendingFields } from './sending-fields.tsx'

export type ChannelDialogProps = {
  /** undefined: a new one */
  channel: ListedAlertChannel | undefined
  onClose: () => void
  onSaved: (id: number) => void
}

const kinds = Object.keys(channelKinds) as ChannelKind[]
const kindOptions = kinds.map((value) => ({ value, label: channelKinds[value].label }))

/** The form of a channel: where it sends, and when. */
export function ChannelDialog(props: ChannelDialogProps): JSX.Element {
  // oxlint-disable-next-line solid/reactivity -- the form begins with the channel as it was when the dialog was opened
  const form = createChannelForm(props.channel, (id) => props.onSaved(id))
  return (
    <FormDialog
      size="lg"
      title={form.isNew ? 'Add channel' : 'Edit channel'}
      submit={form.isNew ? 'Add channel' : 'Save channel'}
      busy={form.submit.busy()}
      busyReason="The channel is being saved"
      refusal={refusalOf('channel', form.submit.refusal())}
      onSubmit={form.submit.submit}
      onClose={() => props.onClose()}
    >
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
            onChange={(kind) => form.setKind(kind as ChannelKind)}
          />
        </Show>
        <TextField
          label="Name"
          placeholder={form.namePlaceholder()}
          description="Shown in rules and in the log of messages."
          value={form.name()}
          error={form.submit.errorOf('name')}
          onChange={form.setName}
        />
      </div>
      <div class={styles['grid']}>
        <For each={channelFields[form.kind()]}>{(field) => <ConfigField field={field} form={form} />}</For>
      </div>
      <SendingFields form={form} />
    </FormDialog>
  )
}

function ConfigField(props: { field: ChannelField; form: ChannelForm }): JSX.Element {
  const name = () => props.field.name
  const common = () => ({
    label: props.field.label,
    description: props.field.description,
    error: props.form.submit.errorOf(`config.${name()}`),
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
        error={props.form.submit.errorOf(`config.${name()}`)}
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
