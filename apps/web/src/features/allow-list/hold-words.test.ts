import type { ListedIgnore } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { entryProblems, holdWords, scopeText } from './hold-words.ts'

const entry = (over: Partial<ListedIgnore>): ListedIgnore => ({
  id: 1,
  address: '192.0.2.1',
  jail: null,
  everyHost: false,
  note: null,
  by: 'anna',
  addedAt: 1,
  expiresAt: null,
  source: 'bangui',
  file: null,
  line: null,
  places: [],
  holdsIn: ['sshd', 'web'],
  holdsSince: [],
  missingIn: [],
  lasts: true,
  problem: null,
  ended: false,
  ...over,
})

const missing = { jail: 'web', problem: 'web reads a file.' }

describe('where an entry holds', () => {
  it.each([
    [{}, 'ok', 'In 2 jails'],
    [{ jail: 'sshd', holdsIn: ['sshd'] }, 'ok', 'Holds'],
    [{ holdsIn: ['sshd'], missingIn: [missing] }, 'warning', 'In 1 of 2 jails'],
    [{ holdsIn: [], missingIn: [missing] }, 'danger', 'Nowhere yet'],
    [{ holdsIn: [] }, 'neutral', 'No running jail'],
    [{ ended: true }, 'warning', 'Ending'],
  ])('of %j is %s: %s', (over, tone, text) => {
    expect(holdWords(entry(over), { offline: null })).toEqual({ tone, text })
  })

  it('is not known while fail2ban cannot be asked', () => {
    expect(holdWords(entry({ holdsIn: [] }), { offline: 'It does not run.' }).text).toBe('Not known')
  })

  it('comes with the reasons why it does not last, or not everywhere', () => {
    expect(entryProblems(entry({ problem: 'It is not written.', missingIn: [missing] }))).toEqual([
      'It is not written.',
      'web reads a file.',
    ])
    expect(entryProblems(entry({}))).toEqual([])
  })
})

it('an entry is for jails, of one host or of every host', () => {
  expect(scopeText({ jail: null, everyHost: false })).toBe('Every jail')
  expect(scopeText({ jail: 'sshd', everyHost: true })).toBe('sshd, on every host')
})
