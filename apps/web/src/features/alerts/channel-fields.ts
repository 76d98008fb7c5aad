import { type ChannelKind, webhookHeaders, webhookPlaceholders } from '@bangui/shared'
import type { SelectOption } from '../../ui/select.tsx'

/** A field of the configuration of a channel, as the form shows it. */
export interface ChannelField {
  readonly name: string
  readonly label: string
  readonly description?: string
  readonly placeholder?: string
  /** `lines`: several values, one on each line. @default 'text' */
  readonly type?: 'text' | 'secret' | 'number' | 'select' | 'lines' | 'code' | 'checkbox'
  readonly options?: readonly SelectOption[]
  /** an empty field means that there is none */
  readonly optional?: boolean
  /** what a new channel has in it @default '' */
  readonly initial?: string | boolean
}

const hookUrl = (label: string, placeholder: string, description: string): ChannelField => ({
  name: 'url',
  label,
  type: 'secret',
  placeholder,
  description,
})

/** The fields of each kind of channel, in the order of the form. */
export const channelFields: Readonly<Record<ChannelKind, readonly ChannelField[]>> = {
  email: [
    { name: 'host', label: 'Mail server', placeholder: 'mail.example.org' },
    { name: 'port', label: 'Port', type: 'number', initial: '587' },
    {
      name: 'security',
      label: 'Encryption',
      type: 'select',
      initial: 'starttls',
      options: [
        { value: 'starttls', label: 'STARTTLS (usual with port 587)' },
        { value: 'tls', label: 'TLS (usual with port 465)' },
        { value: 'none', label: 'None: others on the network can read the messages' },
      ],
    },
    {
      name: 'acceptBadCertificate',
      label: 'Accept a certificate that cannot be verified',
      type: 'checkbox',
      initial: false,
    },
    {
      name: 'username',
      label: 'User name',
      optional: true,
      description: 'Leave empty if the server needs no sign-in.',
    },
    { name: 'password', label: 'Password', type: 'secret', optional: true },
    { name: 'from', label: 'From', placeholder: 'bangui@example.org' },
    {
      name: 'to',
      label: 'To',
      type: 'lines',
      placeholder: 'ops@example.org',
      description: 'One address per line.',
    },
  ],
  webhook: [
    {
      name: 'url',
      label: 'Address',
      placeholder: 'https://example.org/hooks/bangui',
      description: 'Receives a POST request with JSON. Redirects are not followed.',
    },
    {
      name: 'secret',
      label: 'Signing secret',
      type: 'secret',
      optional: true,
      description:
        'BanGUI signs each body with HMAC-SHA256, and sends the signature in the header X-BanGUI-Signature.',
    },
    {
      name: 'header',
      label: 'Additional header',
      type: 'select',
      optional: true,
      options: [
        { value: '', label: 'None' },
        ...webhookHeaders.map((name) => ({ value: name, label: name })),
      ],
    },
    { name: 'headerValue', label: 'Value of the header', type: 'secret', optional: true },
    {
      name: 'template',
      label: 'Body',
      type: 'code',
      optional: true,
      placeholder: '{"text": "{{title}}: {{text}} {{url}}"}',
      description: `Leave empty for BanGUI’s own JSON, or enter JSON with placeholders in its strings: ${webhookPlaceholders.map((name) => `{{${name}}}`).join(' ')}.`,
    },
  ],
  ntfy: [
    { name: 'url', label: 'Server', initial: 'https://ntfy.sh' },
    {
      name: 'topic',
      label: 'Topic',
      description:
        'On a public server, anybody who knows the topic can read the messages. Choose one that is hard to guess.',
    },
    { name: 'token', label: 'Access token', type: 'secret', optional: true, placeholder: 'tk_…' },
  ],
  gotify: [
    { name: 'url', label: 'Server', placeholder: 'https://gotify.example.org' },
    {
      name: 'token',
      label: 'Application token',
      type: 'secret',
      description: 'In Gotify: Apps, Create application.',
    },
  ],
  telegram: [
    {
      name: 'token',
      label: 'Bot token',
      type: 'secret',
      placeholder: '123456:ABC-DEF…',
      description: 'Write /newbot to @BotFather to create a bot.',
    },
    {
      name: 'chat',
      label: 'Chat',
      placeholder: '-1001234567890',
      description: 'The number of a chat or group that the bot is in, or the @name of a channel.',
    },
    { name: 'url', label: 'Server', initial: 'https://api.telegram.org' },
  ],
  discord: [
    hookUrl(
      'Webhook URL',
      'https://discord.com/api/webhooks/…',
      'In Discord: Edit channel, Integrations, Webhooks, Copy webhook URL.',
    ),
  ],
  slack: [
    hookUrl(
      'Webhook URL',
      'https://hooks.slack.com/services/…',
      'In Slack: add the app “Incoming Webhooks” to a channel, and copy its URL.',
    ),
  ],
}
