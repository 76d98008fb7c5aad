import type { ServerStatus } from '@bangui/shared'
import type { Tone } from '../ui/tone.ts'

export type DaemonState = {
  tone: Tone
  /** one or two words for a dot */
  word: string
  /** a sentence that can stand alone */
  sentence: string
  busy: boolean
}

const activities = {
  loading: 'Loading',
  starting: 'Starting',
  stopping: 'Stopping',
  banning: 'Banning',
} as const

const offline = {
  socket_missing: ['Down', 'fail2ban is not running.'],
  refused: ['Down', 'fail2ban is down.'],
  permission_denied: ['No access', 'BanGUI has no access to fail2ban.'],
  timeout: ['Not responding', 'fail2ban does not respond.'],
  protocol_error: ['Unreadable', 'fail2ban gave an invalid answer.'],
} as const

/** Returns the daemon's state as text with a tone. */
export function describeDaemon(status: ServerStatus | undefined): DaemonState {
  if (!status || (status.checkedAt === null && !status.online))
    return { tone: 'neutral', word: 'Checking', sentence: 'Looking for fail2ban.', busy: true }
  if (status.activity) {
    const word = activities[status.activity]
    return { tone: 'info', word, sentence: `fail2ban is busy: ${word.toLowerCase()}.`, busy: true }
  }
  if (status.online && status.responding)
    return { tone: 'ok', word: 'Running', sentence: 'fail2ban is running.', busy: false }
  const [word, sentence] = status.online ? offline.timeout : offline[status.reason ?? 'refused']
  return { tone: status.online ? 'warning' : 'danger', word, sentence, busy: false }
}

export type DaemonHelp = {
  /** why, and what to do */
  text: string
  /** BanGUI can try to start it */
  startable: boolean
}

const help: Record<NonNullable<ServerStatus['reason']>, DaemonHelp> = {
  socket_missing: {
    text: 'Nothing is listening on fail2ban’s socket, so no addresses are being banned. Start fail2ban, or find out why it does not start.',
    startable: true,
  },
  refused: {
    text: 'The socket exists but nothing answers: fail2ban ended without removing its socket, and no addresses are being banned. Start fail2ban, or find out why it ended.',
    startable: true,
  },
  permission_denied: {
    text: 'Run BanGUI as root, or open the socket to its user after each start of fail2ban.',
    startable: false,
  },
  timeout: {
    text: 'fail2ban is running but has not responded for a while. It may be busy with many bans. If this lasts, check what fail2ban is doing before you restart it.',
    startable: false,
  },
  protocol_error: {
    text: 'The program at the socket does not speak fail2ban’s protocol. Check that BANGUI_FAIL2BAN_SOCKET names fail2ban’s socket.',
    startable: false,
  },
}

/** Returns what to do about a daemon that is offline or does not answer; undefined if there is no problem or nothing is known yet. */
export function daemonHelp(status: ServerStatus | undefined): DaemonHelp | undefined {
  if (!status || status.checkedAt === null || status.activity) return undefined
  if (status.online) return status.responding ? undefined : help.timeout
  return help[status.reason ?? 'refused']
}
