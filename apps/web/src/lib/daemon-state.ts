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
  permission_denied: ['No access', 'BanGUI may not talk to fail2ban.'],
  timeout: ['Not responding', 'fail2ban does not respond.'],
  protocol_error: ['Unreadable', 'fail2ban gave an answer that makes no sense.'],
} as const

/** The daemon's state in words and a tone. */
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
    text: 'Nothing listens at its socket, so nobody is being banned. Start it, or look at why it does not start.',
    startable: true,
  },
  refused: {
    text: 'Its socket is there but nobody answers: it ended without cleaning up. Nobody is being banned. Start it, or look at why it ended.',
    startable: true,
  },
  permission_denied: {
    text: 'Run BanGUI as root, or open the socket to its user after each start of fail2ban.',
    startable: false,
  },
  timeout: {
    text: 'It runs but has not answered for a while. It may be busy with many bans; if this lasts, look at what it is doing before restarting it.',
    startable: false,
  },
  protocol_error: {
    text: 'What answers at the socket does not speak like fail2ban. Check that BANGUI_FAIL2BAN_SOCKET names its socket.',
    startable: false,
  },
}

/** What to do about a daemon that is away or silent; undefined while all is well or not known yet. */
export function daemonHelp(status: ServerStatus | undefined): DaemonHelp | undefined {
  if (!status || status.checkedAt === null || status.activity) return undefined
  if (status.online) return status.responding ? undefined : help.timeout
  return help[status.reason ?? 'refused']
}
