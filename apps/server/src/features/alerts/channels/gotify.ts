import * as z from 'zod'
import type { Channel } from './channel.ts'
import { messageText, truncate } from './message-text.ts'
import { parseJson, postJson, serviceUrl } from './post.ts'

const MAX_TITLE_CHARACTERS = 250
const MAX_MESSAGE_CHARACTERS = 10_000

const priorities = { critical: 9, warning: 6, info: 3 } as const

const Refusal = z.object({ error: z.string(), errorDescription: z.string().optional() })

/** A message to a Gotify server; https://gotify.net/api-docs and https://gotify.net/docs/msgextras */
export const gotify: Channel<'gotify'> = {
  kind: 'gotify',
  send(message, { url, token }, tools) {
    const shown = messageText(message)
    const body = {
      title: truncate(shown.title, MAX_TITLE_CHARACTERS),
      // a message is required
      message: truncate(shown.text || shown.title, MAX_MESSAGE_CHARACTERS),
      priority: priorities[shown.severity],
      extras: {
        'client::display': { contentType: 'text/plain' },
        ...(shown.url === null ? {} : { 'client::notification': { click: { url: shown.url } } }),
      },
    }
    const headers = { 'x-gotify-key': token }
    const post = { url: serviceUrl(url, 'message'), body: JSON.stringify(body), headers }
    return postJson(post, tools, (text) => {
      const refusal = parseJson(text, Refusal)
      return { message: refusal?.errorDescription ?? refusal?.error }
    })
  },
}
