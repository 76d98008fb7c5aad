import type { ChannelKind, ListedAlertChannel } from '@bangui/shared'
import { channelFields, type ChannelField } from './channel-fields.ts'
import { linesOf } from './lines-of.ts'

/** What the fields of a channel's form hold. */
export type ChannelDraft = Readonly<Record<string, string | boolean>>

/** Returns what the form begins with. */
export function draftOf(kind: ChannelKind, channel: ListedAlertChannel | undefined): ChannelDraft {
  const config = channel?.kind === kind ? (channel.config ?? {}) : undefined
  return Object.fromEntries(
    channelFields[kind].map((field) => [
      field.name,
      config ? shown(config[field.name], field) : initialOf(field),
    ]),
  )
}

const initialOf = (field: ChannelField) => field.initial ?? (field.type === 'checkbox' ? false : '')

function shown(value: unknown, field: ChannelField): string | boolean {
  if (field.type === 'checkbox') return value === true
  if (Array.isArray(value)) return value.join('\n')
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** What is known about the secrets of a channel that exists. */
export interface StoredSecrets {
  /** the names of those that are stored */
  readonly stored: readonly string[]
  /** those of them that are removed */
  readonly removed: readonly string[]
}

/** Returns the configuration to send: a stored secret that is neither typed nor removed is left out, and stays. */
export function configOf(
  kind: ChannelKind,
  draft: ChannelDraft,
  secrets: StoredSecrets,
): Record<string, unknown> {
  const entries = channelFields[kind].flatMap((field): [string, unknown][] => {
    const isKept = field.type === 'secret' && draft[field.name] === '' && secrets.stored.includes(field.name)
    if (isKept && !secrets.removed.includes(field.name)) return []
    return [[field.name, valueOf(draft[field.name] ?? '', field)]]
  })
  return Object.fromEntries(entries)
}

function valueOf(typed: string | boolean, field: ChannelField): unknown {
  if (typeof typed === 'boolean') return typed
  const text = field.type === 'code' || field.type === 'secret' ? typed : typed.trim()
  if (text === '' && field.optional) return null
  if (field.type === 'number') return text === '' ? Number.NaN : Number(text)
  return field.type === 'lines' ? linesOf(text) : text
}
