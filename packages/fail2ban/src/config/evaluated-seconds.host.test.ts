import { parseDuration } from '@bangui/shared'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateWithFail2ban } from '../../test/fail2ban-reader.ts'
import { evaluatedSeconds } from './evaluated-seconds.ts'
import type { Evaluated } from './python-arithmetic.ts'

/** Spellings that stand in published configurations, or that fail2ban's own documentation allows. */
const spellings = [
  '28800 # eight hours',
  '28800 ; not a comment to Python',
  '600',
  '-1',
  ' - 1',
  '-1 # for ever',
  '0',
  '+5',
  '1_000',
  '10m',
  '10 m',
  '10M',
  '10 Min',
  '10mm',
  '90s',
  '90 ss',
  '45SEC',
  '1 second',
  '2 Minutes',
  '1h',
  '1H',
  '3 hours',
  '3hou',
  '2hh',
  '1d',
  '1D',
  '1 da',
  '2dd',
  '1d12h',
  '1d 12h',
  '1d12h30m',
  '1 day 12 hours 30 minutes',
  '1DAY 12HOURS',
  '1w',
  '1 wee',
  '2weeks',
  '1mo',
  '1mon',
  '6 months',
  '1y',
  '1yea',
  '2 years',
  '1.5h',
  '.5d',
  '1.d',
  '0.5 * 1d',
  '60*60',
  '60 * 60 * 24',
  '24*60*60 # a day',
  '1h+30m',
  '1h + 30m',
  '1hour+30min',
  '1year-6mo',
  '1d-1h',
  '-1h',
  '2*(1h + 30m)',
  '(24 * 3600)',
  '((1h))',
  '1h / 2',
  '3600 // 7',
  '3600 % 7',
  '-7 // 2',
  '-7 % 3',
  '2 ** 10',
  '-2 ** 2',
  '2 ** -1',
  '2 ** 3 ** 2',
  '1e+3',
  '1e3',
  '1E+2h',
  '0x10',
  '007',
  '00',
  '1h\n  30m',
  '\n1h',
  '\n 1h',
  '1h\n',
  '1 2 3',
  '1m 2 3',
  '(1h) 30',
  '2 (3)',
  '1h, 30m',
  'True',
  'False',
  '5 * True',
  'None',
  'nonsense',
  '1 fortnight',
  '5 parsecs',
  '5x',
  '1__0',
  '1_',
  '_1',
  'h',
  'minutes',
  '5-minutes',
  '5 + minutes',
  '1h 30',
  '1h -- 1',
  '1 -',
  '* 5',
  '()',
  '(1',
  '1)',
  '',
  '#',
  '1/0',
  '5 // 0',
  '0 ** -1',
  '9 ** 99',
  '99999999999999999999',
  '1e+400',
  '1j',
  '5 and 6',
  '1or 2',
  'not 5',
  '3 if 1 else nonsense',
  'max(1, 2)',
  'int(3.7)',
  'nonsense(1)',
  '"5"',
  "'#' # 5",
  '[5]',
  '{}',
  '5 < 6',
  '1 << 4',
  '5 ^ 1',
  '~5',
  'lambda: 5',
  'val',
  'rpl',
  'time',
  'time.time',
  '__debug__',
  '１２',
  '5 täg',
  '28800 # acht Stünden',
  '1\u00a0h',
  '1h # one\n 2h',
  '(1h # one\n + 2h)',
  '1h \\\n+ 2h',
]

/** Of these nothing is claimed: fail2ban takes some of them. */
const notRead = [
  '28800 ; not a comment to Python',
  '0x10',
  '\n 1h',
  '_1',
  '9 ** 99',
  '99999999999999999999',
  '1e+400',
  '1j',
  '5 and 6',
  '1or 2',
  'not 5',
  '3 if 1 else nonsense',
  'max(1, 2)',
  'int(3.7)',
  'nonsense(1)',
  '"5"',
  "'#' # 5",
  '[5]',
  '{}',
  '5 < 6',
  '1 << 4',
  '5 ^ 1',
  '~5',
  'lambda: 5',
  'time.time',
  '__debug__',
  '１２',
  '5 täg',
  '1\u00a0h',
  '1h # one\n 2h',
  '(1h # one\n + 2h)',
  '1h \\\n+ 2h',
]

/** What is claimed must be what fail2ban does. */
async function expectTruth(texts: readonly string[]): Promise<Evaluated[]> {
  const expected = await evaluateWithFail2ban(texts)
  const found = texts.map((text) => evaluatedSeconds(text))
  const differences = texts
    .map((text, index) => ({ text, mine: found[index], fail2ban: expected[index] }))
    .filter(({ mine, fail2ban }) => !isTrue(mine, fail2ban))
  expect(differences).toEqual([])
  return found
}

function isTrue(mine: Evaluated | undefined, fail2ban: number | string | null | undefined): boolean {
  if (mine === undefined || mine.kind === 'unknown' || fail2ban === 'endless') return true
  if (mine.kind === 'error') return fail2ban === null
  return typeof fail2ban === 'number' && Math.abs(fail2ban - mine.value) <= Math.abs(mine.value) * 1e-12
}

describe('the seconds of a duration in a configuration', () => {
  it('are those of fail2ban for every way to write them', async () => {
    const found = await expectTruth(spellings)
    const unread = spellings.filter((_, index) => found[index]?.kind === 'unknown')
    expect(unread).toEqual(notRead)
  })

  it('are read where the strict grammar reads them, as the same', async () => {
    const strict = spellings.filter((text) => !text.includes('\n') && parseDuration(text) !== undefined)
    for (const text of strict)
      expect(evaluatedSeconds(text)).toEqual({ kind: 'number', value: parseDuration(text) })
    expect(strict.length).toBeGreaterThan(10)
  })

  it('are those of fail2ban for sums and products of all kinds', async () => {
    const unit = fc.constantFrom('', 's', 'm', ' min', 'H', ' hours', 'd', 'w', 'mo', ' Months', 'y', 'x')
    const number = fc.constantFrom('0', '1', '7', '12', '1.5', '.25', '2.', '007', '1_0', '1e+2')
    const operator = fc.constantFrom('+', '-', ' * ', '/', '//', '%', '**', ' ', '', ' + ', ')', '(', ', ')
    const part = fc
      .tuple(fc.constantFrom('', '-', '(', '+ '), number, unit, operator)
      .map((texts) => texts.join(''))
    const end = fc.constantFrom('', '1', '2h', ')', ' # note', ' # 1 h', '\n')
    const text = fc.tuple(fc.array(part, { maxLength: 5 }), end).map(([parts, last]) => parts.join('') + last)
    const texts = fc.sample(text, 3000)
    const found = await expectTruth(texts)
    expect(found.filter(({ kind }) => kind === 'number').length).toBeGreaterThan(100)
    expect(found.filter(({ kind }) => kind === 'error').length).toBeGreaterThan(100)
  })

  it('are never claimed of a text that fail2ban reads otherwise', async () => {
    const piece = fc.constantFrom(
      ...'0 1 5 9 . _ e+ h d m s w y mo min True x # ( ) + - * / // ** % , ; \n \t and'.split(' '),
      ' ',
    )
    const text = fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join(''))
    const found = await expectTruth(fc.sample(text, 3000))
    expect(found).toHaveLength(3000)
  })
})
