import { ChannelSettings } from '@bangui/shared'
import { hideSecrets } from '../../../lib/hide-secrets.ts'
import type { AlertMessage, ChannelTools, SendResult, SendTools } from './channel.ts'
import { secretsOfChannel } from './channel-secrets.ts'
import { discord } from './discord.ts'
import { email } from './email.ts'
import { gotify } from './gotify.ts'
import { oneLine, truncate } from './message-text.ts'
import { ntfy } from './ntfy.ts'
import { failureOf } from './post.ts'
import { slack } from './slack.ts'
import { telegram } from './telegram.ts'
import { webhook } from './webhook.ts'

/** How much of what a server says is shown, and how much of it is looked at. */
const MAX_QUOTE_CHARACTERS = 300
const MAX_READ_CHARACTERS = 40_000

/** A secret of 2,000 characters, each written in a long way. What is cut off could leave so much of one. */
const MAX_SECRET_CHARACTERS = 24_000

/**
 * Sends a message and returns what became of it; it does not throw. No secret of the channel is in the answer, also where
 * the server repeats it.
 */
export async function sendMessage(
  settings: ChannelSettings,
  message: AlertMessage,
  tools: SendTools,
): Promise<SendResult> {
  const parsed = ChannelSettings.safeParse(settings)
  if (!parsed.success)
    return { ok: false, answer: 'The configuration of this channel is not valid. Edit it.', permanent: true }
  const secrets = [...secretsOfChannel(parsed.data), ...tools.secrets]
  const hide = (text: string) => hideSecrets(text, secrets)
  const quote = (text: string) => truncate(hideInLong(oneLine(text), hide), MAX_QUOTE_CHARACTERS)
  const result = await sendBy(parsed.data, message, { ...tools, quote }).catch(failureOf)
  return { ...result, answer: hide(result.answer) }
}

/** Half a secret is not found any more: what is hidden is shortened, never the other way round. */
function hideInLong(text: string, hide: (text: string) => string): string {
  if (text.length <= MAX_READ_CHARACTERS) return hide(text)
  return hide(text.slice(0, MAX_READ_CHARACTERS)).slice(0, -MAX_SECRET_CHARACTERS)
}

async function sendBy(
  settings: ChannelSettings,
  message: AlertMessage,
  tools: ChannelTools,
): Promise<SendResult> {
  switch (settings.kind) {
    case 'email':
      return email.send(message, settings.config, tools)
    case 'webhook':
      return webhook.send(message, settings.config, tools)
    case 'ntfy':
      return ntfy.send(message, settings.config, tools)
    case 'gotify':
      return gotify.send(message, settings.config, tools)
    case 'telegram':
      return telegram.send(message, settings.config, tools)
    case 'discord':
      return discord.send(message, settings.config, tools)
    case 'slack':
      return slack.send(message, settings.config, tools)
  }
}
