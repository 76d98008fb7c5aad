import { ChannelSettings, secretFields } from '@bangui/shared'
import type { AlertMessage, SendResult, SendTools } from './channel.ts'
import { discord } from './discord.ts'
import { email } from './email.ts'
import { gotify } from './gotify.ts'
import { ntfy } from './ntfy.ts'
import { failureOf } from './post.ts'
import { slack } from './slack.ts'
import { telegram } from './telegram.ts'
import { webhook } from './webhook.ts'

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
  try {
    const result = await sendBy(parsed.data, message, tools)
    return { ...result, answer: withoutSecrets(result.answer, parsed.data) }
  } catch (error) {
    const result = failureOf(error)
    return { ...result, answer: withoutSecrets(result.answer, parsed.data) }
  }
}

function sendBy(settings: ChannelSettings, message: AlertMessage, tools: SendTools): Promise<SendResult> {
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

function withoutSecrets(answer: string, { kind, config }: ChannelSettings): string {
  const values = Object.entries(config)
    .filter(([field]) => secretFields[kind].includes(field))
    .flatMap(([, value]) =>
      typeof value === 'string' ? [value, encodeURIComponent(value), pathOf(value)] : [],
    )
    .filter((value) => value.length >= 4)
  let shown = answer
  for (const value of values) shown = shown.replaceAll(value, '…')
  return shown
}

/** the part of a secret address that an error could name without the rest */
const pathOf = (value: string) => (URL.canParse(value) ? new URL(value).pathname : value)
