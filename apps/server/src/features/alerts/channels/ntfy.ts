import * as z from 'zod'
import type { Channel } from './channel.ts'
import { messageText, truncate, truncateBytes, type MessageText } from './message-text.ts'
import { parseJson, postJson, serviceUrl } from './post.ts'

/** ntfy turns a longer message into a file; https://docs.ntfy.sh/publish/#limitations */
const MAX_MESSAGE_BYTES = 4_096
const MAX_TITLE_CHARACTERS = 250

const priorities = { critical: 5, warning: 4, info: 3 } as const
const tags = { critical: 'rotating_light', warning: 'warning', info: 'information_source' } as const

const Refusal = z.object({ error: z.string() })

/** A message to a topic of an ntfy server, as JSON; https://docs.ntfy.sh/publish/#publish-as-json */
export const ntfy: Channel<'ntfy'> = {
  kind: 'ntfy',
  send(message, { url, topic, token }, tools) {
    const shown = messageText(message)
    const body = {
      topic,
      title: truncate(shown.title, MAX_TITLE_CHARACTERS),
      // an empty message would be shown as "triggered"; Markdown is off unless it is asked for
      message: truncateBytes(shown.text || shown.title, MAX_MESSAGE_BYTES),
      priority: priorities[shown.severity],
      tags: [tagOf(shown)],
      ...(shown.url === null ? {} : { click: shown.url }),
    }
    const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
    const post = { url: serviceUrl(url, ''), body: JSON.stringify(body), headers }
    return postJson(post, tools, (text) => ({ message: parseJson(text, Refusal)?.error }))
  },
}

const tagOf = ({ severity, isResolved }: MessageText) => (isResolved ? 'white_check_mark' : tags[severity])
