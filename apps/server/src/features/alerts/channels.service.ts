import {
  deleteAlertChannel,
  findAlertChannel,
  findChannelActivity,
  insertAlertChannel,
  insertTestDelivery,
  listAlertChannels,
  updateAlertChannel,
  type AlertChannelRecord,
  type AlertChannelToSave,
} from '@bangui/db'
import {
  ChannelSettings,
  defaultSending,
  isSameServer,
  secretFields,
  type AddAlertChannelInput,
  type AlertChannelSettings,
  type ListedAlertChannel,
  type UpdateAlertChannelInput,
} from '@bangui/shared'
import { randomBytes } from 'node:crypto'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { fieldErrorsOf } from '../../lib/field-errors.ts'
import { alertUrl } from './alert-url.ts'
import { testMessage } from './messages.ts'
import { openChannel, openSecrets } from './send-by-channel.ts'
import { testTexts } from './templates.ts'

type ChannelDeps = Pick<Deps, 'database' | 'secrets' | 'clock' | 'config' | 'alerts'>

/** Returns every channel without its secrets; its configuration and the last answer of its server only where that is wanted. */
export async function listChannels(
  { database, secrets }: ChannelDeps,
  { withConfig, withAnswer }: { readonly withConfig: boolean; readonly withAnswer: boolean },
): Promise<ListedAlertChannel[]> {
  const channels = await listAlertChannels(database.db)
  return Promise.all(
    channels.map(async ({ sealed, digestUntil: _until, config, ...channel }) => {
      const opened = openChannel(secrets, { ...channel, config, sealed })
      const { waiting, last } = await findChannelActivity(database.db, channel.id)
      return {
        ...channel,
        config: withConfig ? config : null,
        secrets: [...channel.secrets],
        problem: 'problem' in opened ? opened.problem : null,
        waiting,
        last: last && { ...last, answer: withAnswer ? last.answer : null },
      }
    }),
  )
}

/** Adds a channel. @throws AppError channel_invalid, secret_key_unavailable */
export async function addChannel(deps: ChannelDeps, input: AddAlertChannelInput): Promise<{ id: number }> {
  const settings = { ...defaultSending, ...input }
  const toSave = prepare(deps, settings, input.config)
  return { id: await deps.alerts.change(() => insertAlertChannel(deps.database.db, toSave)) }
}

/** Changes a channel; secrets that are left out stay. @throws AppError not_found, channel_invalid, … */
export async function updateChannel(deps: ChannelDeps, input: UpdateAlertChannelInput): Promise<void> {
  const { id, ...given } = input
  await deps.alerts.change(async () => {
    const before = await requireChannel(deps, id)
    const { sealed: _sealed, secrets: _secrets, digestUntil: _until, id: _id, ...old } = before
    const settings = { ...old, ...given }
    const toSave = given.config
      ? prepare(deps, settings, { ...keptSecrets(deps, before, given.config), ...given.config })
      : { settings, sealed: before.sealed, secrets: before.secrets, now: deps.clock() }
    const restartDigest =
      JSON.stringify(old.digest) !== JSON.stringify(settings.digest) || (!old.enabled && settings.enabled)
    await updateAlertChannel(deps.database.db, id, { ...toSave, restartDigest })
  })
}

/** Returns the stored secrets that the new configuration does not name. They are not sent to another server. */
function keptSecrets(
  { secrets }: ChannelDeps,
  { kind, config, sealed, secrets: set }: AlertChannelRecord,
  given: Record<string, unknown>,
): Record<string, string> {
  const kept = set.filter((field) => !(field in given))
  if (kept.length === 0) return {}
  const stored = openSecrets(secrets, sealed)
  const isSame = isSameServer(kind, config, { ...config, ...given })
  if (!stored || !isSame) {
    const other =
      kind === 'email' ? 'The server, or the check of its certificate, has changed' : 'The server has changed'
    const why = `${isSame ? 'The stored value cannot be read' : other}: enter this again.`
    const fieldErrors = Object.fromEntries(kept.map((field) => [`config.${field}`, [why]]))
    throw new AppError('channel_secrets_needed', { names: kept.join(', ') }, { fieldErrors })
  }
  return Object.fromEntries(Object.entries(stored).filter(([field]) => kept.includes(field)))
}

/** Splits a configuration into what is stored as it is and what is encrypted. */
function prepare(
  { secrets, clock }: ChannelDeps,
  settings: AlertChannelSettings,
  config: Record<string, unknown>,
): AlertChannelToSave {
  const { kind } = settings
  const parsed = parseConfig({ kind, config })
  const isSecret = (field: string) => secretFields[kind].includes(field)
  const values = Object.entries(parsed).filter(([field, value]) => isSecret(field) && value !== null)
  const open = Object.entries(parsed).filter(([field]) => !isSecret(field))
  return {
    settings: { ...settings, config: Object.fromEntries(open) },
    sealed: values.length === 0 ? null : secrets.seal(JSON.stringify(Object.fromEntries(values))),
    secrets: values.map(([field]) => field),
    now: clock(),
  }
}

function parseConfig(settings: unknown): Record<string, unknown> {
  const { data, error } = ChannelSettings.safeParse(settings)
  if (data) return data.config
  const [issue] = error.issues
  throw new AppError(
    'channel_invalid',
    { field: issue?.path.slice(1).join('.') ?? '', why: issue?.message ?? '' },
    { fieldErrors: fieldErrorsOf(error) },
  )
}

/** Deletes a channel with what it was to send. */
export async function removeChannel(deps: ChannelDeps, id: number): Promise<void> {
  await requireChannel(deps, id)
  await deps.alerts.change(() => deleteAlertChannel(deps.database.db, id))
}

/** Sends a test message at once and returns what the server answered. @throws AppError not_found */
export async function testChannel(
  deps: ChannelDeps,
  id: number,
  signal: AbortSignal | undefined,
): Promise<{ ok: boolean; answer: string }> {
  const { config, clock, database } = deps
  const channel = await requireChannel(deps, id)
  const deliveryId = randomBytes(16).toString('hex')
  const now = clock()
  const message = testMessage({ id: deliveryId, host: config.nodeName, now, url: alertUrl(config) })
  const { ok, answer } = await deps.alerts.send(channel, message, {
    deliveryId,
    signal: signal ?? new AbortController().signal,
  })
  const { title } = testTexts(config.nodeName)
  await insertTestDelivery(database.db, { deliveryId, channelId: id, title, ok, answer, now })
  return { ok, answer }
}

async function requireChannel({ database }: ChannelDeps, id: number): Promise<AlertChannelRecord> {
  const channel = await findAlertChannel(database.db, id)
  if (!channel) throw new AppError('not_found')
  return channel
}
