import * as z from 'zod'
import { webhookHeaders } from './webhook-options.ts'

/** The ways in which BanGUI sends alerts. */
export const ChannelKind = z.enum(['email', 'webhook', 'ntfy', 'gotify', 'telegram', 'discord', 'slack'])
export type ChannelKind = z.infer<typeof ChannelKind>

/** How the connection to a mail server is encrypted. */
export const MailSecurity = z.enum(['starttls', 'tls', 'none'])
export type MailSecurity = z.infer<typeof MailSecurity>

// a value that ends up in a header or a command line of a protocol must be one visible line
const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'Enter a value.')
    .max(max, `Enter at most ${max} characters.`)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'Enter one line without control characters.')

const token = (max = 500) =>
  line(max).regex(/^[\x20-\x7E]*$/, 'Only letters, digits and signs of ASCII are allowed.')
const secret = (max?: number) => token(max).nullable().default(null)

const Url = line(2_000).pipe(
  z
    .url({ protocol: /^https?$/, error: 'Enter an address that begins with https:// or http://.' })
    // a name and a password have fields of their own; parsers do not agree about a backslash
    .regex(/^[a-z]+:\/\/[^\s/?#@\\]+(?:[/?#][^\\]*)?$/i, 'Enter an address without user name and password.'),
)

const HostName = line(253).regex(
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]+)$/,
  'Enter a host name or an IP address.',
)

/** An e-mail address, without a name. */
export const MailAddress = line(254).regex(
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/,
  'Enter an e-mail address.',
)

const EmailConfig = z.strictObject({
  host: HostName,
  port: z
    .int('Enter a port from 1 to 65535.')
    .min(1, 'Enter a port from 1 to 65535.')
    .max(65_535, 'Enter a port from 1 to 65535.')
    .default(587),
  security: MailSecurity.default('starttls'),
  /** a certificate that cannot be verified is accepted: anybody on the network between could read the mail and the password */
  acceptBadCertificate: z.boolean().default(false),
  username: z.string().trim().max(200).nullable().default(null),
  password: z.string().min(1).max(500).nullable().default(null),
  from: MailAddress,
  to: z.array(MailAddress).min(1, 'Enter at least one address.').max(20, 'Enter at most 20 addresses.'),
})

const WebhookConfig = z.strictObject({
  url: Url,
  /** signs the body: `X-BanGUI-Signature` */
  secret: secret(),
  header: z.enum(webhookHeaders).nullable().default(null),
  headerValue: secret(2_000),
  /** JSON with placeholders such as `{{title}}`; null: BanGUI's own body */
  template: z
    .string()
    .max(10_000, 'Enter at most 10,000 characters.')
    .refine(isJson, 'Enter valid JSON; placeholders stand inside its strings.')
    .nullable()
    .default(null),
})

const NtfyConfig = z.strictObject({
  url: Url.default('https://ntfy.sh'),
  topic: line(64).regex(/^[-_A-Za-z0-9]+$/, 'A topic has letters, digits, - and _ only.'),
  token: secret(),
})

const GotifyConfig = z.strictObject({ url: Url, token: token() })

const TelegramConfig = z.strictObject({
  /** of Telegram, or of a Bot API server of one's own */
  url: Url.default('https://api.telegram.org'),
  token: line(200).regex(/^[0-9]+:[A-Za-z0-9_-]+$/, 'A bot token looks like 123456:ABC-DEF.'),
  chat: line(100).regex(
    /^(?:-?[0-9]+|@[A-Za-z0-9_]+)$/,
    'Enter the number of a chat, or the @name of a channel.',
  ),
})

const HookConfig = z.strictObject({ url: Url })

/** What has to be known of each kind of channel. */
export const channelConfigs = {
  email: EmailConfig,
  webhook: WebhookConfig,
  ntfy: NtfyConfig,
  gotify: GotifyConfig,
  telegram: TelegramConfig,
  discord: HookConfig,
  slack: HookConfig,
} as const satisfies Record<ChannelKind, z.ZodType>

export type ChannelConfig<TKind extends ChannelKind = ChannelKind> = z.infer<(typeof channelConfigs)[TKind]>

/** The kind of a channel with its configuration. */
export const ChannelSettings = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('email'), config: EmailConfig }),
  z.object({ kind: z.literal('webhook'), config: WebhookConfig }),
  z.object({ kind: z.literal('ntfy'), config: NtfyConfig }),
  z.object({ kind: z.literal('gotify'), config: GotifyConfig }),
  z.object({ kind: z.literal('telegram'), config: TelegramConfig }),
  z.object({ kind: z.literal('discord'), config: HookConfig }),
  z.object({ kind: z.literal('slack'), config: HookConfig }),
])
export type ChannelSettings = z.infer<typeof ChannelSettings>

/** The fields of each kind that are stored encrypted and never sent to a browser. */
export const secretFields: Readonly<Record<ChannelKind, readonly string[]>> = {
  email: ['password'],
  webhook: ['secret', 'headerValue'],
  ntfy: ['token'],
  gotify: ['token'],
  telegram: ['token'],
  discord: ['url'],
  slack: ['url'],
}

/**
 * Returns whether two configurations of a kind send to the same server. Where they do not, a stored secret must not be
 * kept: whoever may edit a channel could send the secret to a server of their own. With a certificate that is not checked any
 * more, any server can be the one that answers.
 */
export function isSameServer(
  kind: ChannelKind,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): boolean {
  if (kind === 'discord' || kind === 'slack') return true // the address is the secret
  if (kind === 'email')
    return (
      ['host', 'port', 'security'].every((field) => before[field] === after[field]) &&
      (after['acceptBadCertificate'] !== true || before['acceptBadCertificate'] === true)
    )
  return originOf(before['url']) === originOf(after['url'])
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false // what the user wrote is no JSON
  }
}

const originOf = (url: unknown) =>
  typeof url === 'string' ? /^[a-z]+:\/\/[^/?#]+/i.exec(url)?.[0].toLowerCase() : undefined
