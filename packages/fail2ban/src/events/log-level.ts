import type { EventSourceStatus } from '@bangui/shared'

/** Levels at which fail2ban logs neither bans nor unbans. */
const silent = /^(?:WARN|WARNING|ERROR|CRITICAL)$/i
const remedy = 'Set loglevel to INFO in fail2ban.local and restart fail2ban.'

/** The status of a log that is followed, with what fail2ban does not log at its level. */
export function withLogLevel(status: EventSourceStatus, level: string | undefined): EventSourceStatus {
  if (status.state !== 'following' || level === undefined) return status
  if (silent.test(level)) {
    const message = `fail2ban logs no bans, because its loglevel is ${level}. Bans appear within ten seconds, because BanGUI reads fail2ban's database and ban counts instead; failed attempts do not appear. ${remedy}`
    return { ...status, state: 'unsupported', message }
  }
  if (level.toUpperCase() !== 'NOTICE') return status
  return {
    ...status,
    message: `fail2ban logs no failed attempts, since its loglevel is NOTICE: they are not counted here. ${remedy}`,
  }
}
