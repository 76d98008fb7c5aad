import type { Channel } from './channel.ts'
import { messageText, truncate } from './message-text.ts'
import { postJson } from './post.ts'

const MAX_TITLE_CHARACTERS = 250
const MAX_TEXT_CHARACTERS = 3_000

/** What Slack answers as plain text; https://api.slack.com/messaging/webhooks#handling_errors */
const answers: ReadonlyMap<string, string> = new Map(
  Object.entries({
    invalid_token: 'the address is wrong or was revoked',
    no_service: 'this webhook was removed or switched off',
    no_team: 'the workspace does not exist any more',
    channel_not_found: 'the channel does not exist any more',
    channel_is_archived: 'the channel is archived',
    action_prohibited: 'an administrator of the workspace does not allow it',
    posting_to_general_channel_denied: 'posting to the general channel is not allowed',
  }),
)

/**
 * A message by an incoming webhook; https://api.slack.com/messaging/webhooks. A `rich_text` block has no markup in its
 * texts. `text` is what notifications show, and servers that only resemble Slack.
 */
export const slack: Channel<'slack'> = {
  kind: 'slack',
  send(message, { url }, tools) {
    const shown = messageText(message)
    const title = truncate(shown.title, MAX_TITLE_CHARACTERS)
    const text = truncate(shown.text, MAX_TEXT_CHARACTERS)
    const link = shown.url === null ? [] : [{ type: 'link', url: shown.url, text: 'Open in BanGUI' }]
    const elements = [
      { type: 'text', text: title, style: { bold: true } },
      { type: 'text', text: `\n${text}${link.length === 0 ? '' : '\n'}` },
      ...link,
    ]
    const body = {
      text: escaped([title, text, ...(shown.url === null ? [] : [shown.url])].join('\n')),
      blocks: [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }],
      unfurl_links: false,
      unfurl_media: false,
    }
    return postJson({ url, body: JSON.stringify(body) }, tools, (answer) => {
      const words = answers.get(answer.trim())
      return words === undefined ? {} : { message: words }
    })
  },
}

/** https://api.slack.com/reference/surfaces/formatting#escaping; a name needs `<@…>` to be a mention */
const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
