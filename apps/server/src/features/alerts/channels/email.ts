import { createHash } from 'node:crypto'
import type { AlertMessage, Channel } from './channel.ts'
import { messageText, truncate } from './message-text.ts'
import { openSmtp } from './smtp-connection.ts'
import { smtpFailure } from './smtp-failure.ts'

const MAX_SUBJECT_CHARACTERS = 200
/** an answer that is late by this is no answer; the whole dialogue has a limit as well, for servers that drip */
const SOCKET_TIMEOUT_MS = 20_000
const GREETING_TIMEOUT_MS = 15_000
const WHOLE_TIMEOUT_MS = 60_000

/** Plain text by SMTP. The messages of an incident are one thread. */
export const email: Channel<'email'> = {
  kind: 'email',
  async send(message, config, tools) {
    const signal = AbortSignal.any([tools.signal, AbortSignal.timeout(WHOLE_TIMEOUT_MS)])
    try {
      // 24 MB that stay: only who sends mail pays for them
      const { createTransport } = await import('nodemailer')
      await using connection = await openSmtp(config, tools, signal)
      const transport = createTransport({
        connection: connection.socket,
        host: config.host,
        port: config.port,
        secure: config.security === 'tls',
        requireTLS: config.security === 'starttls',
        ignoreTLS: config.security === 'none',
        ...(config.username === null ? {} : { auth: { user: config.username, pass: config.password ?? '' } }),
        tls: { rejectUnauthorized: !config.acceptBadCertificate, minVersion: 'TLSv1.2' },
        greetingTimeout: GREETING_TIMEOUT_MS,
        socketTimeout: SOCKET_TIMEOUT_MS,
        disableFileAccess: true,
        disableUrlAccess: true,
      })
      const sent = await transport.sendMail(mailOf(message, config, tools.deliveryId))
      const refused = sent.rejected.map(String)
      const rest = refused.length === 0 ? '' : ` It refused ${refused.join(', ')}.`
      return { ok: true, answer: `The mail server accepted the message: ${sent.response}${rest}` }
    } catch (error) {
      return smtpFailure(error, config, signal)
    }
  },
}

function mailOf(
  message: AlertMessage,
  { from, to }: { from: string; to: readonly string[] },
  deliveryId: string,
) {
  const { title, text, url, severity } = messageText(message)
  const domain = from.slice(from.lastIndexOf('@') + 1)
  const thread = 'incident' in message ? `<incident-${idPart(message.incident.id)}@${domain}>` : undefined
  return {
    from: { name: 'BanGUI', address: from },
    to: [...to],
    subject: truncate(title, MAX_SUBJECT_CHARACTERS),
    text: `${[text, ...(url === null ? [] : [url])].join('\n\n')}\n`,
    messageId: `<${idPart(deliveryId)}@${domain}>`,
    ...(thread === undefined ? {} : { inReplyTo: thread, references: thread }),
    ...(severity === 'critical' ? { priority: 'high' as const } : {}),
    // no automatic reply, such as of somebody's absence, answers it
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** Returns an id as it is where a Message-ID may have it, else a digest of it. */
const idPart = (id: string) =>
  /^[A-Za-z0-9._-]{1,64}$/.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, 32)
