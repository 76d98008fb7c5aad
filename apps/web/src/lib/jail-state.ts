import type { Jail } from '@bangui/shared'
import type { Tone } from '../ui/tone.ts'

export type JailState = {
  kind: 'running' | 'idle' | 'off' | 'down' | 'logless' | 'waiting' | 'leftover' | 'stranger'
  tone: Tone
  /** a few words for a dot */
  word: string
  /** what it means, in a sentence */
  sentence: string
}

const states = {
  running: { tone: 'ok', word: 'Running', sentence: 'Enabled and running.' },
  idle: {
    tone: 'warning',
    word: 'Idle',
    sentence: 'Paused: the jail does not detect failures, ban or unban until it is resumed or reloaded.',
  },
  off: { tone: 'neutral', word: 'Off', sentence: 'Disabled in the configuration.' },
  down: {
    tone: 'danger',
    word: 'On, not running',
    sentence: 'Enabled in the configuration, but not running in fail2ban. It bans nobody.',
  },
  logless: {
    tone: 'neutral',
    word: 'On, without a log',
    sentence:
      'Enabled, but the jail has no log file, so fail2ban skips it (skip_if_nologs). Once the log file exists, the jail starts at the next reload.',
  },
  waiting: { tone: 'neutral', word: 'On, waiting', sentence: 'Enabled; it starts with fail2ban.' },
  leftover: {
    tone: 'warning',
    word: 'Running, but off',
    sentence: 'Running, but disabled in the configuration: it stops at the next reload of fail2ban.',
  },
  stranger: {
    tone: 'warning',
    word: 'Not configured',
    sentence: 'Running, but not in the configuration: it stops at the next reload of fail2ban.',
  },
} as const

/** Returns the state of a jail as text with a tone. */
export function describeJail(jail: Jail, online: boolean): JailState {
  const kind = kindOf(jail, online)
  return { kind, ...states[kind] }
}

function kindOf(jail: Jail, online: boolean): JailState['kind'] {
  // the list of jails can be older than the end of the daemon
  if (!online) return jail.enabled ? 'waiting' : 'off'
  if (jail.running && jail.enabled) return jail.idle ? 'idle' : 'running'
  if (jail.running) return jail.unconfigured ? 'stranger' : 'leftover'
  if (!jail.enabled) return 'off'
  return jail.waitsForLog ? 'logless' : 'down'
}

/** Returns whether somebody should look at a jail. A broken jail that is switched off does no harm. */
export function needsAttention(jail: Jail, online: boolean): boolean {
  const { tone, kind } = describeJail(jail, online)
  return tone === 'danger' || tone === 'warning' || (jail.problem !== null && kind !== 'off')
}

/** For a jail that reads fail2ban's own log. */
export const REPEATS_BANS =
  'This jail reads fail2ban’s own log. Its failures are bans made by other jails, so totals do not include them.'
