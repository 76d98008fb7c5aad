import { describe, expect, it } from 'vitest'
import { readLogTarget } from './log-target.ts'

describe('a log target', () => {
  it.each([
    ['/var/log/fail2ban.log', '/var/log/fail2ban.log'],
    ['/var/log/fail2ban.log[datetime=off]', '/var/log/fail2ban.log'],
  ])('%s is a file', (text, path) => {
    expect(readLogTarget(text, false)).toEqual({ kind: 'file', path })
  })

  it.each(['SYSTEMD-JOURNAL', 'SYSLOG', 'syslog[facility=AUTH]'])('%s is the journal', (text) => {
    expect(readLogTarget(text, false)).toEqual({ kind: 'journal' })
  })

  it.each(['STDOUT', 'STDERR', 'SYSOUT'])('%s is the journal where systemd runs', (text) => {
    expect(readLogTarget(text, true)).toEqual({ kind: 'journal' })
    expect(readLogTarget(text, false)).toMatchObject({ kind: 'none', status: { state: 'unsupported' } })
  })
})
