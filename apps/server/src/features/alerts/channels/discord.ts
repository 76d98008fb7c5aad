import * as z from 'zod'
import type { Channel } from './channel.ts'
import { messageText, truncate, type MessageText } from './message-text.ts'
import { parseJson, postJson } from './post.ts'

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
const MAX_TITLE_CHARACTERS = 256
const MAX_DESCRIPTION_CHARACTERS = 4_096

/** as 0xRRGGBB */
const colours = { critical: 0xc4_31_4b, warning: 0xc1_7d_00, info: 0x0f_6c_bd } as const
const RESOLVED_COLOUR = 0x10_7c_41

const Answer = z.object({ message: z.string().optional(), retry_after: z.number().optional() })

/** An embed in a channel of Discord; https://discord.com/developers/docs/resources/webhook#execute-webhook */
export const discord: Channel<'discord'> = {
  kind: 'discord',
  send(message, config, tools) {
    const shown = messageText(message)
    const body = {
      username: 'BanGUI',
      embeds: [
        {
          title: escaped(shown.title, MAX_TITLE_CHARACTERS),
          description: escaped(shown.text, MAX_DESCRIPTION_CHARACTERS),
          color: colourOf(shown),
          ...(shown.url === null ? {} : { url: shown.url }),
        },
      ],
      allowed_mentions: { parse: [] },
    }
    const url = new URL(config.url)
    url.searchParams.set('wait', 'true') // only then it answers whether the message was stored
    return postJson({ url: url.href, body: JSON.stringify(body) }, tools, (text) => {
      const answer = parseJson(text, Answer)
      const seconds = answer?.retry_after
      return {
        message: answer?.message,
        ...(seconds === undefined ? {} : { retryAfterMs: Math.ceil(seconds * 1_000) }),
      }
    })
  },
}

/** Returns a text that Discord shows as it is: each sign that may mean something to its Markdown gets a backslash. */
function escaped(text: string, max: number): string {
  const escape = (part: string) => part.replaceAll(/[\\*_~`|>#+\-[\]()<:@.!&/]/g, String.raw`\$&`)
  let length = Math.min(text.length, max)
  // the backslashes count too
  while (escape(truncate(text, length)).length > max)
    length -= Math.ceil((escape(truncate(text, length)).length - max) / 2)
  return escape(truncate(text, length))
}

const colourOf = ({ severity, isResolved }: MessageText) => (isResolved ? RESOLVED_COLOUR : colours[severity])
