import type { AlertChannelRecord } from '@bangui/db'
import { ChannelSettings, showHidden } from '@bangui/shared'
import * as z from 'zod'
import type { Deps } from '../../deps.ts'
import { secretsOfProxies } from '../../lib/hide-secrets.ts'
import { resolvePublic } from '../../lib/resolve-public.ts'
import type { Secrets } from '../../lib/secrets.ts'
import { sendMessage } from './channels/channels.ts'
import type { SendBy } from './queue.ts'

/** Returns what sends messages by the channels. */
export const createSendBy =
  ({
    config,
    secrets,
    fetchPublic,
    clock,
  }: Pick<Deps, 'config' | 'secrets' | 'fetchPublic' | 'clock'>): SendBy =>
  async (channel, message, { deliveryId, signal }) => {
    const opened = openChannel(secrets, channel)
    if ('problem' in opened) return { ok: false, answer: opened.problem }
    return sendMessage(opened.settings, message, {
      fetchPublic,
      secrets: secretsOfProxies(config.proxies),
      resolvePublic: (target) => resolvePublic(target, { allowPrivate: config.allowPrivateUrls }),
      deliveryId,
      now: clock,
      signal,
    })
  }

const SecretValues = z.record(z.string(), z.string())

/** The configuration of a channel with its secrets, or why nothing can be sent. */
export type OpenedChannel = { readonly settings: ChannelSettings } | { readonly problem: string }

/** Returns a channel with its secrets. */
export function openChannel(
  secrets: Secrets,
  { kind, config, sealed }: Pick<AlertChannelRecord, 'kind' | 'config' | 'sealed'>,
): OpenedChannel {
  const values = openSecrets(secrets, sealed)
  if (values === undefined) {
    const why = secrets.problem ?? 'They were encrypted with another key.'
    return {
      problem: `The secrets of this channel cannot be read. ${showHidden(why)} Enter them again, or restore the key.`,
    }
  }
  const parsed = ChannelSettings.safeParse({ kind, config: { ...config, ...values } })
  return parsed.success
    ? { settings: parsed.data }
    : { problem: 'The configuration of this channel is not complete. Edit the channel.' }
}

/** Returns the secrets of a channel; undefined: they cannot be read. */
export function openSecrets(secrets: Secrets, sealed: string | null): Record<string, string> | undefined {
  if (sealed === null) return {}
  const text = secrets.open(sealed)
  return text === null ? undefined : SecretValues.safeParse(JSON.parse(text)).data
}
