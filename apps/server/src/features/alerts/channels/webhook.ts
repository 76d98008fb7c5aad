import { createHmac } from 'node:crypto'
import type { WebhookPlaceholder } from '@bangui/shared'
import type { AlertMessage, Channel } from './channel.ts'
import { messageText } from './message-text.ts'
import { postJson } from './post.ts'
import { fillTemplate } from './webhook-template.ts'

/** A POST of JSON to an address of the user's choice, signed where a secret is set. */
export const webhook: Channel<'webhook'> = {
  kind: 'webhook',
  async send(message, config, tools) {
    const body =
      config.template === null
        ? JSON.stringify(message)
        : fillTemplate(config.template, placeholders(message))
    if (body === undefined)
      return { ok: false, answer: 'The template is no longer valid JSON. Edit the channel.', permanent: true }
    const headers: Record<string, string> = { 'idempotency-key': tools.deliveryId }
    if (config.secret !== null) headers['x-bangui-signature'] = `sha256=${sign(body, config.secret)}`
    if (config.header !== null && config.headerValue !== null)
      headers[config.header.toLowerCase()] = config.headerValue
    return postJson({ url: config.url, body, headers }, tools)
  },
}

const sign = (body: string, secret: string) => createHmac('sha256', secret).update(body, 'utf8').digest('hex')

/** The values of the placeholders of `webhookPlaceholders`. */
function placeholders(message: AlertMessage): Record<WebhookPlaceholder, string> {
  const { title, text, url, severity, isResolved } = messageText(message)
  const shown = { title, text, url: url ?? '', severity }
  if ('digest' in message) return { ...shown, id: '', rule: 'digest', state: '', host: '', at: '' }
  const { id, rule, host, at } = message.incident
  return { ...shown, id, rule, host, at: new Date(at).toISOString(), state: isResolved ? 'resolved' : 'open' }
}
