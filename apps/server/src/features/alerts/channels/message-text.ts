import { cleanText } from '@bangui/shared'
import type { AlertIncident, AlertMessage } from './channel.ts'

/** A message as people read it: plain text without control characters. */
export interface MessageText {
  /** one line */
  readonly title: string
  readonly text: string
  readonly url: string | null
  readonly severity: AlertIncident['severity']
  readonly isResolved: boolean
}

/** Returns the text of a message. Names and log lines in it are as hostile as their authors wanted; only lines are safe. */
export function messageText(message: AlertMessage): MessageText {
  if ('digest' in message) {
    const { title, text, url } = message.digest
    return { title: oneLine(title), text: cleanText(text), url, severity: 'info', isResolved: false }
  }
  const { incident, more = 0 } = message
  const isResolved = incident.state === 'resolved'
  const title = oneLine(incident.title)
  const text = cleanText(incident.text)
  return {
    title: isResolved ? `Resolved: ${title}` : title,
    text: more > 0 ? `${text}\n… and ${more} more` : text,
    url: incident.url,
    severity: isResolved ? 'info' : incident.severity,
    isResolved,
  }
}

/** Returns the text of a message that was stored; empty: it has none, such as a test. */
export function textOfStored(message: unknown): string {
  const isMessage =
    typeof message === 'object' && message !== null && ('incident' in message || 'digest' in message)
  return isMessage ? messageText(message as AlertMessage).text : ''
}

/** Returns at most `max` UTF-16 units of a text; what is cut off is replaced by an ellipsis, and no character is halved. */
export function truncate(text: string, max: number): string {
  if (text.length <= max) return text
  const kept = text.slice(0, max - 1)
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}…`
}

/** Returns a text as one line without control characters. */
export const oneLine = (text: string) => cleanText(text).replaceAll(/\s+/g, ' ')

/** Returns the beginning of a text that has at most `max` bytes in UTF-8. */
export function truncateBytes(text: string, max: number): string {
  if (Buffer.byteLength(text) <= max) return text
  const bytes = Buffer.from(text).subarray(0, max - Buffer.byteLength('…'))
  // a character that was cut in two becomes U+FFFD at the end
  return `${bytes.toString('utf8').replace(/\uFFFD+$/, '')}…`
}
