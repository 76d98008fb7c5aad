import { defineCheck, type HealthChecks } from '../health-check.ts'
import { problemOf } from '../problem.ts'

const enough = new Set(['INFO', 'DEBUG', 'TRACEDEBUG', 'HEAVYDEBUG'])

/** Whether fail2ban logs enough for those who read its log. */
export const logLevelChecks = {
  'loglevel-low': defineCheck(
    { needs: ['daemonValues'] },
    ({
      seen: {
        daemonValues: { logLevel },
      },
    }) => {
      if (enough.has(logLevel.toUpperCase())) return {}
      const missing = logLevel.toUpperCase() === 'NOTICE' ? 'no failures' : 'neither failures nor bans'
      return {
        problems: [
          problemOf({
            severity: 'warning',
            title: `fail2ban logs only at level ${logLevel}`,
            detail: `At this level, fail2ban logs ${missing}. BanGUI’s events and the recidive jail depend on these lines.`,
            evidence: [`get loglevel: ${logLevel}`],
            remedy: 'Set loglevel = INFO in fail2ban.local.',
          }),
        ],
      }
    },
  ),
} satisfies HealthChecks
