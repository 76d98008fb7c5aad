import { createHash } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { MINUTE_MS } from '@bangui/shared'
import type { AlertMessage, Channel } from './channel.ts'
import { messageText, truncate } from './message-text.ts'
import { openSmtp } from './smtp-connection.ts'
import { smtpFailure } from './smtp-failure.ts'

const MAX_SUBJECT_CHARACTERS = 200
const GREETING_TIMEOUT_MS = 15_000
/** for everything until the message is sent, also to a server that drips */
const DIALOGUE_TIMEOUT_MS = 60_000
/**
 * A server may check a message for so long before it accepts it (RFC 5321, 4.5.3.2.6). Whoever does not wait sends it again, and
 * it arrives twice.
 */
const ACCEPT_TIMEOUT_MS = 10 * MINUTE_MS

/** Plain text by SMTP. The messages of an incident are one thread. */
export const email: Channel<'email'> = {
  kind: 'email',
  async send(message, config, tools) {
    using limit = createLimit(DIALOGUE_TIMEOUT_MS)
    const signal = AbortSignal.any([tools.signal, limit.signal])
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
        socketTimeout: ACCEPT_TIMEOUT_MS,
        disableFileAccess: true,
        disableUrlAccess: true,
      })
      transport.use('stream', ({ message: content }, done) => {
        content.transform(() => new PassThrough().once('end', () => limit.restart(ACCEPT_TIMEOUT_MS)))
        done()
      })
      const sent = await transport.sendMail(mailOf(message, config, tools.deliveryId))
      const refused = sent.rejected.map(String)
      const rest = refused.length === 0 ? '' : ` It refused ${refused.join(', ')}.`
      return {
        ok: true,
        answer: `The mail server accepted the message: ${tools.quote(sent.response)}${rest}`,
      }
    } catch (error) {
      return smtpFailure(error, config, { ...tools, signal })
    }
  },
}

/** A signal that aborts after a time, unless the time is set anew. */
function createLimit(milliseconds: number) {
  const abort = new AbortController()
  const start = (time: number) => setTimeout(() => abort.abort(), time).unref()
  let timer = start(milliseconds)
  const end = () => clearTimeout(timer)
  return {
    signal: abort.signal,
    restart(time: number) {
      end()
      timer = start(time)
    },
    [Symbol.dispose]: end,
  }
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
