import {
  type ChannelKind,
  type ChannelSending,
  defaultSending,
  type ListedAlertChannel,
} from '@bangui/shared'
import { createSignal } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import { useApi } from '../../api/api-context.tsx'
import { createSubmit } from '../../api/create-submit.ts'
import { channelKinds } from './alert-words.ts'
import { configOf, draftOf, type StoredSecrets } from './channel-draft.ts'

/** The form of a channel, and saving it; nothing is lost if that fails. */
export function createChannelForm(channel: ListedAlertChannel | undefined, onSaved: (id: number) => void) {
  const api = useApi()
  const firstKind = channel?.kind ?? 'email'
  const [kind, setKind] = createSignal<ChannelKind>(firstKind)
  const [name, setName] = createSignal(channel?.name ?? '')
  const [draft, setDraft] = createStore<Record<string, string | boolean>>({ ...draftOf(firstKind, channel) })
  const [removed, setRemoved] = createSignal<readonly string[]>([])
  const [sending, setSending] = createStore<ChannelSending>(sendingOf(channel))
  const secrets = (): StoredSecrets => ({ stored: channel?.secrets ?? [], removed: removed() })
  const config = () => configOf(kind(), draft, secrets())
  const submit = createSubmit({
    fields: ['name', 'config', 'maxPerHour', 'quiet', 'digest'],
    check: () => missingHeader(kind(), config()),
    send: async () => {
      const input = { name: name().trim(), config: config(), ...sending }
      const { id } = channel
        ? await api.alerts.updateChannel.mutate({ id: channel.id, ...input }).then(() => channel)
        : await api.alerts.addChannel.mutate({ kind: kind(), ...input })
      onSaved(id)
    },
  })
  return {
    isNew: channel === undefined,
    kind,
    /** the name and the rest of the form stay */
    setKind: (next: ChannelKind) => {
      setKind(next)
      setDraft(reconcile({ ...draftOf(next, channel) }))
      submit.forget()
    },
    name,
    setName: (next: string) => {
      setName(next)
      submit.forgetField('name')
    },
    namePlaceholder: () => channelKinds[kind()].label,
    draft,
    type: (field: string, value: string | boolean) => {
      setDraft(field, value)
      // it was accepted for the server that was entered before
      if (field === 'host' || field === 'port') setDraft('acceptBadCertificate', false)
      submit.forgetField(`config.${field}`)
    },
    isStored: (field: string) => secrets().stored.includes(field) && !removed().includes(field),
    removeSecret: (field: string) => {
      setRemoved((all) => [...all, field])
      submit.forgetField(`config.${field}`)
    },
    sending,
    changeSending: (changed: Partial<ChannelSending>) => {
      setSending(changed)
      for (const field of Object.keys(changed)) submit.forgetField(field)
    },
    submit,
  }
}

export type ChannelForm = ReturnType<typeof createChannelForm>

function sendingOf(channel: ListedAlertChannel | undefined): ChannelSending {
  const { enabled, maxPerHour, sends, quiet, digest } = channel ?? defaultSending
  return { enabled, maxPerHour, sends, quiet: quiet && { ...quiet }, digest: digest && { ...digest } }
}

function missingHeader(kind: ChannelKind, config: Record<string, unknown>): Record<string, string> {
  const isMissing = kind === 'webhook' && config['header'] !== null && config['headerValue'] === null
  return isMissing ? { 'config.headerValue': 'Enter the value of the header.' } : {}
}
