import { formatDuration, type AlertRuleKind, type AlertSeverity } from '@bangui/shared'
import type { AlertIncident, AlertMessage } from './channels/channel.ts'
import { mergedText, testTexts } from './templates.ts'

/** An incident as messages are made of it. */
export interface Announced {
  readonly id: string
  readonly rule: AlertRuleKind
  readonly severity: AlertSeverity
  /** the key of its host; null: it is about BanGUI itself */
  readonly host: string | null
  readonly hostName: string
  readonly title: string
  readonly text: string
  /** what is true once it is resolved */
  readonly resolved: string
  readonly openedAt: number
}

interface MessageContext {
  readonly kind: 'opened' | 'reminder' | 'resolved'
  readonly now: number
  readonly url: string | null
}

/** Returns the message about an incident. */
export function incidentMessage(incident: Announced, { kind, now, url }: MessageContext): AlertMessage {
  const { id, rule, severity, hostName, title, openedAt } = incident
  const state = kind === 'resolved' ? 'resolved' : 'open'
  return {
    incident: {
      id,
      rule,
      state,
      severity,
      host: hostName,
      title,
      text: textOf(incident, { kind, now }),
      url,
      at: kind === 'opened' ? openedAt : now,
    },
  }
}

function textOf(
  { text, resolved, openedAt }: Announced,
  { kind, now }: Pick<MessageContext, 'kind' | 'now'>,
): string {
  const lasted = formatDuration(Math.max(1, Math.round((now - openedAt) / 1000)))
  if (kind === 'resolved') return `${resolved} The incident lasted ${lasted}.`
  return kind === 'reminder' ? `Not resolved after ${lasted}. ${text}` : text
}

const rank: Readonly<Record<AlertSeverity, number>> = { critical: 2, warning: 1, info: 0 }

const weightOf = ({ state, severity }: AlertIncident) => rank[severity] + (state === 'open' ? 10 : 0)

/** Returns one message for several: that of the most severe open incident, with the titles of the others. */
export function mergeMessages(messages: readonly AlertMessage[]): AlertMessage | undefined {
  const incidents = messages.flatMap((message) => ('incident' in message ? message.incident : []))
  const [main, ...others] = incidents.toSorted((one, other) => weightOf(other) - weightOf(one))
  if (!main || others.length === 0) return messages[0]
  const titles = others.map(({ state, title }) => (state === 'resolved' ? `Resolved: ${title}` : title))
  const { text, more } = mergedText(main.text, titles)
  return { incident: { ...main, text }, ...(more > 0 && { more }) }
}

/** Returns the message that tries a channel. */
export const testMessage = ({
  id,
  host,
  now,
  url,
}: {
  readonly id: string
  readonly host: string
  readonly now: number
  readonly url: string | null
}): AlertMessage => ({
  incident: { id, rule: 'test', state: 'open', severity: 'info', host, ...testTexts(host), url, at: now },
})
