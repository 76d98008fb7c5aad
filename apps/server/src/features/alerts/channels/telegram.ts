import * as z from 'zod'
import type { Channel } from './channel.ts'
import { messageText, truncate } from './message-text.ts'
import { parseJson, postJson, serviceUrl } from './post.ts'

/** in UTF-16 units; https://core.telegram.org/bots/api#sendmessage */
const MAX_TEXT_CHARACTERS = 4_096
const MAX_TITLE_CHARACTERS = 250

const Answer = z.object({
  description: z.string().optional(),
  parameters: z.object({ retry_after: z.number().optional() }).optional(),
})

/**
 * A message of a bot; https://core.telegram.org/bots/api#sendmessage. Nothing is parsed as markup: the title is bold by an
 * entity. Telegram looks for names and links in any text by itself.
 */
export const telegram: Channel<'telegram'> = {
  kind: 'telegram',
  send(message, { url, token, chat }, tools) {
    const shown = messageText(message)
    const title = truncate(withoutLinks(shown.title), MAX_TITLE_CHARACTERS)
    const link = shown.url === null ? '' : `\n\n${shown.url}`
    const rest = MAX_TEXT_CHARACTERS - title.length - link.length - 1
    const body = {
      chat_id: /^-?\d+$/.test(chat) ? Number(chat) : chat,
      text: `${title}\n${truncate(withoutLinks(shown.text), rest)}${link}`,
      entities: [{ type: 'bold', offset: 0, length: title.length }],
      link_preview_options: { is_disabled: true },
      disable_notification: shown.severity === 'info',
    }
    const post = { url: serviceUrl(url, `bot${token}/sendMessage`), body: JSON.stringify(body) }
    return postJson(post, tools, (text) => {
      const answer = parseJson(text, Answer)
      const seconds = answer?.parameters?.retry_after
      return {
        message: answer?.description,
        ...(seconds === undefined ? {} : { retryAfterMs: seconds * 1_000 }),
      }
    })
  },
}

/** Returns a text in which Telegram finds no `@name`, `#tag`, `/command` and `scheme://`: an invisible word joiner parts them. */
const withoutLinks = (text: string) =>
  text.replaceAll(/[@#$](?=[\p{L}\p{N}_])|\/(?=\/|(?<![\p{L}\p{N}_./-]\/)[A-Za-z])/gu, '$&\u2060')
