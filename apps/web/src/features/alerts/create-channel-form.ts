import {
  AddAlertChannelInput,
  type ChannelKind,
  defaultDelivery,
  isSameServer,
  type ListedAlertChannel,
  secretFields,
} from '@bangui/shared'
import { createMemo, createSignal } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { configOf, draftOf, problemsOf, type ChannelDraft, type StoredSecrets } from './channel-draft.ts'
import { channelKinds } from './alert-words.ts'

/** When and how much a channel sends: what the form holds. */
export type DeliveryDraft = Required<Omit<AddAlertChannelInput, 'kind' | 'name' | 'config'>>

/** The form of a channel, and saving it; nothing is lost if that fails. */
export function createChannelForm(channel: ListedAlertChannel | undefined, onSaved: (id: number) => void) {
  const api = useApi()
  const firstKind = channel?.kind ?? 'email'
  const [kind, setKind] = createSignal<ChannelKind>(firstKind)
  const [name, setName] = createSignal(channel?.name ?? '')
  const [draft, setDraft] = createStore<Record<string, string | boolean>>({ ...draftOf(firstKind, channel) })
  const [removed, setRemoved] = createSignal<readonly string[]>([])
  const [delivery, setDelivery] = createStore<DeliveryDraft>(deliveryOf(channel))
  const [isTried, setTried] = createSignal(false)
  const [busy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<string>()

  const secrets = (): StoredSecrets => ({ stored: channel?.secrets ?? [], removed: removed() })
  const config = createMemo(() => configOf(kind(), draft as ChannelDraft, secrets()))
  /** stored secrets that may not go to the server that is entered now */
  const toEnterAgain = () => {
    if (!channel?.config || isSameServer(kind(), channel.config, config())) return []
    return secretFields[kind()].filter((field) => secrets().stored.includes(field) && !(field in config()))
  }
  const problems = createMemo((): Readonly<Record<string, string>> => ({
    ...problemsOf(kind(), config(), secrets()),
    ...Object.fromEntries(
      toEnterAgain().map((field) => [
        field,
        'The server, or the check of its certificate, has changed: enter this again.',
      ]),
    ),
    ...outerProblems(kind(), name(), delivery),
  }))

  const save = async () => {
    setTried(true)
    if (busy() || Object.keys(problems()).length > 0) return
    setBusy(true)
    setProblem(undefined)
    try {
      const input = { name: name().trim(), config: config(), ...delivery }
      const { id } = channel
        ? await api.alerts.updateChannel.mutate({ id: channel.id, ...input }).then(() => channel)
        : await api.alerts.addChannel.mutate({ kind: kind(), ...input })
      onSaved(id)
    } catch (error) {
      setProblem(describeError(error).message)
    } finally {
      setBusy(false)
    }
  }

  return {
    isNew: channel === undefined,
    kind,
    /** the name and the rest of the form stay */
    setKind: (next: ChannelKind) => {
      setKind(next)
      setDraft(reconcile({ ...draftOf(next, channel) }))
      setTried(false)
    },
    name,
    setName,
    namePlaceholder: () => channelKinds[kind()].label,
    draft,
    type: (field: string, value: string | boolean) => {
      setDraft(field, value)
      // it was accepted for the server that was entered before
      if (field === 'host' || field === 'port') setDraft('acceptBadCertificate', false)
    },
    isStored: (field: string) => secrets().stored.includes(field) && !removed().includes(field),
    removeSecret: (field: string) => setRemoved((all) => [...all, field]),
    delivery,
    setDelivery,
    errorOf: (field: string) => (isTried() ? problems()[field] : undefined),
    busy,
    problem,
    save,
  }
}

export type ChannelForm = ReturnType<typeof createChannelForm>

function deliveryOf(channel: ListedAlertChannel | undefined): DeliveryDraft {
  const { enabled, maxPerHour, sends, quiet, digest } = channel ?? defaultDelivery
  return { enabled, maxPerHour, sends, quiet: quiet && { ...quiet }, digest: digest && { ...digest } }
}

function outerProblems(kind: ChannelKind, name: string, delivery: DeliveryDraft): Record<string, string> {
  const result = AddAlertChannelInput.safeParse({ kind, name, config: {}, ...delivery })
  return Object.fromEntries(
    (result.error?.issues ?? []).map(({ path, message }) => [
      path.length > 0 ? path.join('.') : 'name',
      message,
    ]),
  )
}
