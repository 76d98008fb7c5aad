import { describe, expect, it } from 'vitest'
import { filterLines, readDaemonLine, toneOfLevel } from './log-words.ts'

const ban = '2026-11-30 01:07:37,225 fail2ban.actions        [12]: NOTICE  [sshd] Ban 192.0.2.1'
const started = "2026-11-30 01:07:37,226 fail2ban.jail           [12]: INFO    Jail 'sshd' started"
const failed = '2026-11-30 01:07:37,227 fail2ban.utils          [12]: ERROR   7f -- exec: iptables'
const further = ' -- a further line of the error'
const line = (text: string, outcome: 'matched' | null = null) => ({ text, outcome, address: null })
const all = [ban, started, failed, further].map((text) => line(text))
const anything = { search: '', jail: '', level: '', onlyMatches: false }
const texts = (wanted: Partial<typeof anything>, own = true) =>
  filterLines(all, { ...anything, ...wanted }, own).map(({ text }) => text)

describe('a line of fail2ban’s own log', () => {
  it('is read in its parts', () => {
    expect(readDaemonLine(ban)).toEqual({
      time: '2026-11-30 01:07:37',
      source: 'actions',
      level: 'NOTICE',
      jail: 'sshd',
      text: 'Ban 192.0.2.1',
    })
    expect(readDaemonLine(further)).toBeUndefined()
  })

  it('is read as the journal has it', () => {
    const entry = '2026-11-30T01:07:37+0000 host fail2ban-server[12]: fail2ban.actions [12]: WARNING [a] b'
    expect(readDaemonLine(entry)).toMatchObject({ level: 'WARNING', jail: 'a', text: 'b' })
  })

  it('has the tone of its level', () => {
    expect(['INFO', 'NOTICE', 'WARNING', 'ERROR', 'CRITICAL'].map(toneOfLevel)).toEqual([
      'neutral',
      'info',
      'warning',
      'danger',
      'danger',
    ])
  })
})

describe('the lines that are shown', () => {
  it('are those of a level and above, with the further lines of a message', () => {
    expect(texts({ level: 'notice' })).toEqual([ban, failed, further])
    expect(texts({ level: 'error' })).toEqual([failed, further])
  })

  it('are those about a jail, by its name in brackets or in the text', () => {
    expect(texts({ jail: 'sshd' })).toEqual([ban, started])
    expect(texts({ jail: 'ssh' })).toEqual([])
  })

  it('are those with the text, in other logs also those that match only', () => {
    expect(texts({ search: 'BAN 192' })).toEqual([ban])
    const found = filterLines([line('a', 'matched'), line('b')], { ...anything, onlyMatches: true }, false)
    expect(found.map(({ text }) => text)).toEqual(['a'])
  })
})
