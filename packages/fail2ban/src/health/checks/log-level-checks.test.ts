import { noHealthHistory } from '@bangui/shared'
import { expect, it } from 'vitest'
import { logLevelChecks } from './log-level-checks.ts'

const run = (logLevel: string) =>
  logLevelChecks['loglevel-low'].run({
    parts: {
      daemonValues: {
        value: { logTarget: '/var/log/fail2ban.log', logLevel, databaseFile: null, databasePurgeAge: null },
      },
    },
    history: noHealthHistory,
    now: 0,
  })

it.each(['INFO', 'DEBUG', 'TRACEDEBUG', 'HEAVYDEBUG'])('loglevel-low finds nothing at level %s', (level) => {
  expect(run(level)).toEqual({})
})

it.each([
  ['NOTICE', 'no failures'],
  ['WARNING', 'neither failures nor bans'],
  ['ERROR', 'neither failures nor bans'],
  ['CRITICAL', 'neither failures nor bans'],
])('loglevel-low finds that fail2ban at level %s logs %s', (level, missing) => {
  const [problem] = run(level).problems ?? []
  expect(problem?.detail).toContain(missing)
})
