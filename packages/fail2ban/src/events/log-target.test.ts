import { describe, expect, it } from 'vitest'
import { readLogTarget } from './log-target.ts'

const nothing = { isBooted: false, hasJournal: false }
const unsupported = { kind: 'none', status: { state: 'unsupported' } }

describe('a log target', () => {
  it.each([
    ['/var/log/fail2ban.log', '/var/log/fail2ban.log'],
    ['/var/log/fail2ban.log[datetime=off]', '/var/log/fail2ban.log'],
  ])('%s is a file', (text, path) => {
    expect(readLogTarget(text, nothing)).toEqual({ kind: 'file', path })
  })

  it.each(['SYSTEMD-JOURNAL', 'SYSLOG', 'syslog[facility=AUTH]'])(
    '%s is the journal where there is one',
    (text) => {
      expect(readLogTarget(text, { isBooted: false, hasJournal: true })).toEqual({ kind: 'journal' })
      expect(readLogTarget(text, nothing)).toMatchObject(unsupported)
    },
  )

  it.each(['STDOUT', 'STDERR', 'SYSOUT'])('%s is the journal where systemd runs', (text) => {
    expect(readLogTarget(text, { isBooted: true, hasJournal: true })).toEqual({ kind: 'journal' })
    expect(readLogTarget(text, { isBooted: false, hasJournal: true })).toMatchObject(unsupported)
  })

  it('that is none is unsupported', () => {
    expect(readLogTarget('None', { isBooted: true, hasJournal: true })).toMatchObject(unsupported)
  })

  it.each([
    ['SYSLOG', 'any program can write to them'],
    ['SYSTEMD-JOURNAL', 'mount /var/log/journal'],
    ['STDOUT', 'which only the program that started it can read'],
    ['None', 'which BanGUI cannot follow'],
  ])('%s that cannot be followed says why, what is left and what to do', (text, why) => {
    const target = readLogTarget(text, nothing)
    const message = target.kind === 'none' ? target.status.message : null
    for (const part of [`logs to ${text}`, why, 'within ten seconds', 'set logtarget'])
      expect(message).toContain(part)
  })
})
