import { Fail2banCommandError, Fail2banUnavailableError } from '../errors.ts'
import { cleanReplyText } from './clean-reply-text.ts'

/** The content of a reply: a value, or the error that the request fails with. */
export type Envelope =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: Fail2banCommandError }
  /** the daemon answers no more commands, and did not run this one */
  | { readonly kind: 'shutdown'; readonly error: Fail2banUnavailableError }
  /** the daemon could not read the request or write the reply: `ERROR: …` as a bare text */
  | { readonly kind: 'failed'; readonly error: Fail2banUnavailableError }
  | { readonly kind: 'unknown' }

/** Takes a decoded reply apart: `(0, value)`, `(1, exception)`, `ERROR: …` or `['SHUTDOWN']` (server/asyncserver.py). */
export const openEnvelope = (reply: unknown): Envelope => {
  if (typeof reply === 'string' && reply.startsWith('ERROR')) {
    const message = `fail2ban could not handle the request: ${cleanReplyText(reply)}`
    return { kind: 'failed', error: new Fail2banUnavailableError('protocol_error', message) }
  }
  if (!Array.isArray(reply)) return { kind: 'unknown' }
  const [status, value] = reply as unknown[]
  if (reply.length === 1 && status === 'SHUTDOWN') {
    return { kind: 'shutdown', error: new Fail2banUnavailableError('refused', 'fail2ban is shutting down.') }
  }
  if (reply.length !== 2) return { kind: 'unknown' }
  if (status === 0) return { kind: 'value', value }
  if (status === 1) return { kind: 'error', error: commandError(value) }
  return { kind: 'unknown' }
}

const commandError = (value: unknown): Fail2banCommandError => {
  if (typeof value !== 'object' || value === null || !('$class' in value)) {
    return new Fail2banCommandError(
      '',
      typeof value === 'string' ? cleanReplyText(value) : 'fail2ban refused the command.',
    )
  }
  const className = typeof value.$class === 'string' ? cleanReplyText(value.$class, 255) : ''
  const args: readonly unknown[] = 'args' in value && Array.isArray(value.args) ? value.args : []
  const words = args
    .filter((arg) => typeof arg === 'string' || typeof arg === 'number')
    .map((arg) => cleanReplyText(String(arg)))
  return new Fail2banCommandError(
    className,
    cleanReplyText(words.join(', ')) || className || 'fail2ban refused the command.',
  )
}
