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

/** How much of what a server says is shown. */
const MAX_QUOTE_CHARACTERS = 300

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
  // half a secret is not found any more: what is hidden is shortened, never the other way round
  const quote = (text: string) => truncate(hide(oneLine(hide(text))), MAX_QUOTE_CHARACTERS)
  const result = await sendBy(parsed.data, message, { ...tools, quote }).catch(failureOf)
  return { ...result, answer: hide(result.answer) }
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
