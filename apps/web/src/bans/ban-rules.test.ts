// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { banOf, T0 } from '../../test/fixtures.ts'
import { nextSort, readBanSort, writeBanSort } from './ban-view.ts'
import { parseList } from '../lib/parse-list.ts'
import { choose, countChosen, everySelection, isChosen, noSelection, rowsBetween } from './selection.ts'
import { untilRecorded } from './unrecorded.ts'

describe('parseList', () => {
  it.each([
    ['', []],
    ['  \n , ; \t', []],
    ['203.0.113.7', ['203.0.113.7']],
    [
      '203.0.113.7,203.0.113.8; 2001:db8::1\r\n10.0.0.0/8',
      ['203.0.113.7', '203.0.113.8', '2001:db8::1', '10.0.0.0/8'],
    ],
    ['203.0.113.7 # a remark, with 10.0.0.1\n# another', ['203.0.113.7']],
    ['203.0.113.7 203.0.113.7', ['203.0.113.7']],
    ['x'.repeat(101), [`${'x'.repeat(99)}…`]],
  ])('reads %j', (text, expected) => {
    expect(parseList(text)).toEqual(expected)
  })
})

describe('untilRecorded', () => {
  const fresh = banOf('203.0.113.1', { since: T0, attempts: null, by: { kind: 'fail2ban', name: null } })

  it('refetches a new ban without a record', () => {
    expect(untilRecorded([fresh], T0 + 1_000)).toBeGreaterThan(0)
  })

  it.each([
    ['nothing is known', undefined, T0],
    ['it has its record', [{ ...fresh, attempts: 3 }], T0],
    ['a person made it', [{ ...fresh, by: { kind: 'user', name: 'admin' } as const }], T0],
    ['none came for long', [fresh], T0 + 60_000],
  ])('does not refetch if %s', (_why, bans, now) => {
    expect(untilRecorded(bans, now)).toBe(false)
  })
})

describe('the order of bans in the URL', () => {
  it('is read as it was written', () => {
    expect(readBanSort(writeBanSort({ key: 'until', descending: false }))).toEqual({
      key: 'until',
      descending: false,
    })
    expect(writeBanSort({ key: 'since', descending: true })).toBeUndefined()
  })

  it.each([undefined, '', 'nonsense', '--since', 'until; drop'])('%j is read as newest first', (text) => {
    expect(readBanSort(text)).toEqual({ key: 'since', descending: true })
  })

  it('is reversed by the second click', () => {
    expect(nextSort({ key: 'jail', descending: false }, 'jail')).toEqual({ key: 'jail', descending: true })
    expect(nextSort({ key: 'jail', descending: false }, 'times')).toEqual({ key: 'times', descending: true })
  })
})

describe('the selection of bans', () => {
  const [a, b] = [banOf('203.0.113.1'), banOf('203.0.113.2')]

  it('distinguishes the same address in two jails', () => {
    const selection = choose(noSelection, [a], { chosen: true })
    expect(isChosen(selection, a)).toBe(true)
    expect(isChosen(selection, { ...a, jail: 'nginx' })).toBe(false)
  })

  it('excludes single rows from all bans', () => {
    const selection = choose(everySelection, [a], { chosen: false })
    expect([isChosen(selection, a), isChosen(selection, b)]).toEqual([false, true])
    expect(countChosen(selection, 5_000)).toBe(4_999)
    expect(countChosen(choose(selection, [a], { chosen: true }), 5_000)).toBe(5_000)
  })

  it('keeps what is needed to ban a row again as it was', () => {
    const row = banOf('203.0.113.1', { duration: 90, reason: 'scans' })
    expect([...choose(noSelection, [row], { chosen: true }).bans.values()]).toEqual([
      { address: '203.0.113.1', jail: 'sshd', until: row.until, duration: 90, reason: 'scans' },
    ])
  })

  it('returns the rows between two, in either direction, without those that are not loaded', () => {
    const rows = [a, undefined, b]
    const at = (index: number) => rows[index]
    expect(rowsBetween(0, 2, at)).toEqual([a, b])
    expect(rowsBetween(2, 0, at)).toEqual([a, b])
  })
})
