import type {
  AlertSeverity,
  ChannelKind,
  DeliveryKind,
  DeliveryState,
  IncidentState,
  IncidentStep,
} from '@bangui/shared'
import type { Tone } from '../../ui/tone.ts'

type Words = { readonly word: string; readonly tone: Tone }

export const severities: Readonly<Record<AlertSeverity, Words>> = {
  critical: { word: 'Critical', tone: 'danger' },
  warning: { word: 'Warning', tone: 'warning' },
  info: { word: 'Info', tone: 'info' },
}

export const incidentStates: Readonly<Record<IncidentState, Words & { meaning: string }>> = {
  open: { word: 'Open', tone: 'danger', meaning: 'No channel has accepted a message about it yet.' },
  notified: { word: 'Notified', tone: 'warning', meaning: 'At least one channel has accepted a message.' },
  acknowledged: {
    word: 'Acknowledged',
    tone: 'info',
    meaning: 'Somebody is taking care of it, so no more reminders are sent.',
  },
  resolved: { word: 'Resolved', tone: 'ok', meaning: 'The problem is over.' },
}

/** The lines of the history of an incident, before a name or a reason. */
export const incidentSteps: Readonly<Record<IncidentStep, string>> = {
  opened: 'Opened',
  notified: 'Message sent',
  reminded: 'Reminder sent',
  acknowledged: 'Acknowledged',
  muted: 'Muted',
  unmuted: 'Unmuted',
  resolved: 'Resolved',
  failed: 'Message failed',
}

export const deliveryKinds: Readonly<Record<DeliveryKind, string>> = {
  opened: 'Incident',
  reminder: 'Reminder',
  resolved: 'Resolved',
  digest: 'Digest',
  test: 'Test',
}

export const deliveryStates: Readonly<Record<DeliveryState, Words>> = {
  waiting: { word: 'Waiting', tone: 'info' },
  sending: { word: 'Sending', tone: 'info' },
  merged: { word: 'Sent with another', tone: 'ok' },
  sent: { word: 'Sent', tone: 'ok' },
  failed: { word: 'Failed', tone: 'danger' },
}

export const channelKinds: Readonly<Record<ChannelKind, { label: string; meaning: string }>> = {
  email: { label: 'E-mail', meaning: 'Sends plain text through your mail server.' },
  webhook: { label: 'Webhook', meaning: 'Sends JSON to an address of your choice.' },
  ntfy: { label: 'ntfy', meaning: 'Sends a push message through ntfy.sh or your own server.' },
  gotify: { label: 'Gotify', meaning: 'Sends a push message through your Gotify server.' },
  telegram: { label: 'Telegram', meaning: 'A bot writes to a chat, a group or a channel.' },
  discord: { label: 'Discord', meaning: 'Writes to a channel of your Discord server.' },
  slack: { label: 'Slack', meaning: 'Writes to a channel of your Slack workspace.' },
}
