import type { IgnoreRecord } from '@bangui/db'
import type { ConfiguredIgnores, RunningIgnores } from '@bangui/fail2ban'
import { describe, expect, it } from 'vitest'
import { planSets, planWrite } from './ignore-plan.ts'

const NOW = 1_000

const entry = (address: string, over: Partial<IgnoreRecord> = {}): IgnoreRecord => ({
  id: 1,
  address,
  jail: null,
  everyHost: false,
  isElsewhere: false,
  note: null,
  by: 'anna',
  addedAt: 1,
  expiresAt: null,
  removedBy: null,
  sections: [],
  writtenAt: null,
  holds: new Map(),
  ...over,
})

const jail = (name: string, ...entries: string[]): RunningIgnores => ({
  jail: name,
  entries,
  files: [],
  self: true,
  hasCommand: false,
})

/** A configuration with these lists; every jail of it is named. */
const configuration = (lists: Record<string, string[]>, ...jails: string[]): ConfiguredIgnores => ({
  copy: null,
  sections: Object.entries({ DEFAULT: [], ...lists }).map(([section, entries]) => ({
    section,
    entries: entries.map((one) => ({ entry: one, file: 'jail.local', line: 1 })),
  })),
  jails: jails.map((name) => ({ jail: name, self: true })),
})

describe('what running jails get and lose', () => {
  const running = [jail('sshd', '10.0.0.1'), jail('web')]
  const sets = (entries: IgnoreRecord[], configured: ConfiguredIgnores | null = null) =>
    planSets({ entries, running, configured, now: NOW })

  it('is what they lack, each in the jails that it is meant for', () => {
    expect(
      sets([entry('10.0.0.1'), entry('10.0.0.2', { jail: 'web' }), entry('10.0.0.3', { jail: 'off' })]),
    ).toEqual([{ jail: 'web', add: ['10.0.0.1', '10.0.0.2'], remove: [] }])
  })

  it('is what has ended, but nothing that another entry or somebody else wants as well', () => {
    const ended = { expiresAt: NOW, sections: ['DEFAULT'] }
    expect(sets([entry('10.0.0.1', ended)])).toEqual([{ jail: 'sshd', add: [], remove: ['10.0.0.1'] }])
    expect(sets([entry('10.0.0.1', { expiresAt: NOW + 1 })])).toMatchObject([{ jail: 'web' }])
    expect(sets([entry('10.0.0.1', ended), entry('10.0.0.1', { id: 2, jail: 'sshd' })])).toEqual([])
    // removed by somebody, and the clock was set back since
    const removed = { ...ended, expiresAt: NOW + 86_400_000, removedBy: 'ben' }
    expect(sets([entry('10.0.0.1', removed)])).toEqual([{ jail: 'sshd', add: [], remove: ['10.0.0.1'] }])
    const configured = configuration({ sshd: ['10.0.0.1'] }, 'sshd', 'web')
    expect(sets([entry('10.0.0.1', { expiresAt: NOW, jail: 'sshd' })], configured)).toEqual([])
    expect(sets([entry('10.0.0.1', { ...ended, sections: ['DEFAULT', 'sshd'] })], configured)).toHaveLength(1)
  })

  it('is nothing where fail2ban cannot be asked', () => {
    expect(planSets({ entries: [entry('10.0.0.1')], running: null, configured: null, now: NOW })).toEqual([])
  })
})

describe('what is written', () => {
  const write = (entries: IgnoreRecord[], configured: ConfiguredIgnores) => {
    const { add, remove, sections } = planWrite({ entries, running: null, configured, now: NOW })
    return { add, remove, sections: Object.fromEntries(sections) }
  }

  it('is an entry of every jail that one of the lists lacks', () => {
    const configured = configuration({ DEFAULT: ['10.0.0.1'], web: [] }, 'sshd', 'web')
    expect(write([entry('10.0.0.1')], configured)).toEqual({
      add: [{ entry: '10.0.0.1', jail: null }],
      remove: [],
      sections: { 1: ['web'] },
    })
    expect(write([entry('10.0.0.1', { jail: 'sshd' })], configured).add).toEqual([])
    expect(write([entry('10.0.0.2', { jail: 'sshd' })], configured).sections).toEqual({ 1: ['sshd'] })
    expect(write([entry('10.0.0.2', { jail: 'nowhere' })], configured).add).toEqual([])
  })

  it('is nothing that somebody has removed since, unless a jail has got a list of its own', () => {
    const written = entry('10.0.0.1', { sections: ['DEFAULT'], writtenAt: 5 })
    expect(write([written], configuration({}, 'web')).add).toEqual([])
    expect(write([written], configuration({ DEFAULT: ['10.0.0.1'], web: [] }, 'web'))).toMatchObject({
      add: [{ entry: '10.0.0.1' }],
      sections: { 1: ['DEFAULT', 'web'] },
    })
    // a crash came between the record and the change
    expect(write([{ ...written, writtenAt: null }], configuration({}, 'web')).add).toHaveLength(1)
  })

  it('is the end of an entry, where BanGUI wrote it and no other entry wants the same', () => {
    const ended = entry('10.0.0.1', { sections: ['DEFAULT', 'web'], writtenAt: 5, expiresAt: NOW })
    const configured = configuration({ DEFAULT: ['10.0.0.1'], web: ['10.0.0.1'] }, 'sshd', 'web')
    expect(write([ended], configured)).toEqual({
      add: [],
      remove: [{ entry: '10.0.0.1', sections: ['DEFAULT', 'web'] }],
      sections: { 1: [] },
    })
    const heir = entry('10.0.0.1', { id: 2, jail: 'web', writtenAt: 6 })
    expect(write([ended, heir], configured)).toEqual({
      add: [],
      remove: [{ entry: '10.0.0.1', sections: ['DEFAULT'] }],
      sections: { 1: [], 2: ['web'] },
    })
    expect(write([{ ...ended, sections: [] }], configured).remove).toEqual([])
  })
})
