import type { ListedAlertChannel } from '@bangui/shared'
import { plural } from '../../lib/format.ts'

/** Returns where a channel sends, without secrets; undefined: it is not known to this user, or it is a secret. */
export function targetOf({ kind, config }: ListedAlertChannel): string | undefined {
  if (!config) return undefined
  const text = (field: string) => (typeof config[field] === 'string' ? config[field] : '')
  switch (kind) {
    case 'email': {
      const to = Array.isArray(config['to']) ? config['to'].join(', ') : ''
      return `${to} via ${text('host')}`
    }
    case 'webhook':
    case 'gotify':
      return text('url')
    case 'ntfy':
      return `${text('url').replace(/\/+$/, '')}/${text('topic')}`
    case 'telegram':
      return `Chat ${text('chat')}`
    default:
      return undefined
  }
}

const sends = {
  all: 'Sends every incident at once',
  critical: 'Sends critical incidents at once',
  none: 'Sends no incidents at once',
}

/** Returns when a channel sends, as a sentence. */
export function describeSending({ sends: which, maxPerHour, quiet, digest }: ListedAlertChannel): string {
  const parts = [
    which === 'none' ? sends.none : `${sends[which]}, at most ${plural(maxPerHour, 'message')} an hour`,
    ...(quiet ? [`quiet from ${quiet.from} to ${quiet.to} (${quiet.zone})`] : []),
    ...(digest
      ? [
          digest.every === 'hourly'
            ? 'a digest every hour'
            : `a digest every day at ${digest.at} (${digest.zone})`,
        ]
      : []),
  ]
  return `${parts.join('; ')}.`
}
