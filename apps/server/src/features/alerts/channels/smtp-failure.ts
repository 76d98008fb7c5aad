import type { ChannelConfig } from '@bangui/shared'
import type { ChannelTools, SendResult } from './channel.ts'
import { failureOf } from './post.ts'

interface SmtpError extends Error {
  readonly code?: string
  readonly responseCode?: number
  readonly response?: string
}

/** Returns the result for an error of nodemailer or of the connection, in words that say what to do. */
export function smtpFailure(
  error: unknown,
  config: ChannelConfig<'email'>,
  { quote, signal }: Pick<ChannelTools, 'quote' | 'signal'>,
): SendResult {
  if (signal.aborted) return { ok: false, answer: `${config.host} did not answer in time.` }
  if (!(error instanceof Error)) return failureOf(error)
  const failure = error as SmtpError
  const answer = explain(failure, config, quote)
  if (answer === undefined) return failureOf(error)
  return { ok: false, answer: answer.words, ...(answer.permanent ? { permanent: true } : {}) }
}

interface Explanation {
  readonly words: string
  readonly permanent: boolean
}

function explain(
  error: SmtpError,
  config: ChannelConfig<'email'>,
  quote: ChannelTools['quote'],
): Explanation | undefined {
  const { host, port } = config
  const reason = certificateProblem(error)
  if (reason !== undefined)
    return {
      words: `The certificate of ${host} cannot be verified (${quote(reason)}). Install a certificate that is valid for this name, or accept it in the settings of this channel.`,
      permanent: true,
    }
  const { response, responseCode = 0 } = error
  const permanent = responseCode >= 500
  if (response !== undefined && response !== '') {
    const said = quote(response)
    const refused =
      error.code === 'EAUTH'
        ? 'The mail server refused the user name or the password'
        : 'The mail server refused the message'
    if (error.code !== 'ETLS') return { words: `${refused}: ${said}`, permanent }
  }
  switch (error.code) {
    case 'ETLS':
      return {
        words: `${host} does not offer STARTTLS on port ${port}. Choose another port or another encryption.`,
        permanent: true,
      }
    case 'ETIMEDOUT':
      return { words: `${host} did not answer in time on port ${port}.`, permanent: false }
    case 'EAUTH':
      return {
        words: `The mail server offers no way to sign in that BanGUI knows. ${quote(error.message)}`,
        permanent: true,
      }
    case 'ECONNREFUSED':
      return { words: `${host} refuses connections on port ${port}. Check the port.`, permanent: false }
    case 'ECONNECTION':
    case 'ECONNRESET':
    case 'ESOCKET':
      return { words: `${host} closed the connection: ${quote(error.message)}`, permanent: false }
    default:
      return undefined
  }
}

/**
 * Returns why a certificate was refused; undefined: it was not. nodemailer replaces the code of the error, so only the
 * message tells: every text of OpenSSL and Node about it has the word. An alert is what the server says about ours.
 */
function certificateProblem({ message, responseCode }: SmtpError): string | undefined {
  if (responseCode !== undefined || !/certificate/i.test(message) || /\balert\b/i.test(message))
    return undefined
  return message.split(';')[0]
}
