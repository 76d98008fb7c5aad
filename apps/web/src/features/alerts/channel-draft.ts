import { channelConfigs, type ChannelKind, type ListedAlertChannel } from '@bangui/shared'
import { channelFields, type ChannelField } from './channel-fields.ts'

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
  if (field.type === 'lines')
    return text
      .split(/[\n,;]+/)
      .map((line) => line.trim())
      .filter((line) => line !== '')
  return text
}

/** Returns what is wrong with a configuration, by the name of its field. */
export function problemsOf(
  kind: ChannelKind,
  config: Record<string, unknown>,
  secrets: StoredSecrets,
): Record<string, string> {
  const result = channelConfigs[kind].safeParse(config)
  const problems: Record<string, string> = {}
  for (const { path, message } of result.error?.issues ?? []) {
    const name = String(path[0])
    const isKept = !(name in config) && secrets.stored.includes(name) && !secrets.removed.includes(name)
    if (!isKept) problems[name] ??= `${typeof path[1] === 'number' ? `Line ${path[1] + 1}: ` : ''}${message}`
  }
  if (kind === 'webhook' && config['header'] !== null && config['headerValue'] === null)
    problems['headerValue'] ??= 'Enter the value of the header.'
  return problems
}
