import { describe, expect, it } from 'vitest'
import { emptyFields, readFields, readReference, testInput, writeParams } from './lab-state.ts'

const form = { ...emptyFields, filter: 'sshd', lines: 'one\r\ntwo\n\n' }

describe('the input of a test', () => {
  it('is the filter with its mode, and the lines without the empty ones at the end', () => {
    expect(testInput({ ...form, mode: 'ddos' })).toEqual({
      filter: 'sshd',
      mode: 'ddos',
      lines: ['one', 'two'],
    })
  })

  it('has only what belongs to the subject', () => {
    const all = { ...form, jail: 'web', failregex: 'a\n\n b ', ignoreregex: 'c', datepattern: ' %%Y ' }
    expect(testInput(all)).toEqual({ filter: 'sshd', lines: ['one', 'two'] })
    expect(testInput({ ...all, subject: 'jail', source: '/var/log/x' })).toEqual({
      jail: 'web',
      log: '/var/log/x',
    })
    const own = { failregex: ['a', ' b '], ignoreregex: ['c'], datepattern: '%%Y', lines: ['one', 'two'] }
    expect(testInput({ ...all, subject: 'regexes' })).toEqual(own)
    expect(testInput({ ...all, subject: 'edited' })).toEqual({ filter: 'sshd', ...own })
    expect(testInput({ ...all, source: 'journal:_COMM=sshd' })).toEqual({
      filter: 'sshd',
      journal: '_COMM=sshd',
    })
  })

  it.each([
    [{ filter: '' }, 'Choose a filter.'],
    [{ subject: 'jail' }, 'Choose a jail.'],
    [{ subject: 'regexes', failregex: ' \n' }, 'Enter at least one regex.'],
    [{ lines: '\n\n' }, 'Enter the lines to test.'],
  ] as const)('is missing something in %o', (changes, text) => {
    expect(testInput({ ...form, ...changes })).toBe(text)
  })
})

describe('the URL of the lab', () => {
  it('has everything but the lines, and reads back', () => {
    const fields = { ...form, subject: 'edited' as const, failregex: 'a <HOST>', source: '/var/log/auth.log' }
    const params = writeParams(fields)
    expect(JSON.stringify(params)).not.toContain('one')
    const written = Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined))
    expect(readFields(written, fields.lines)).toEqual(fields)
  })

  it('leaves out long regexes, those that are not tested, and what is as usual', () => {
    const long = writeParams({ ...form, subject: 'regexes', failregex: 'x'.repeat(1001) })
    expect(long.failregex).toBeUndefined()
    const unused = writeParams({ ...form, failregex: 'x' })
    expect(Object.values(unused).filter((value) => value !== undefined)).toEqual(['sshd'])
  })

  it('takes nothing from a URL that the form cannot hold', () => {
    expect(readFields({ subject: 'nonsense', source: '' }, '')).toEqual(emptyFields)
  })
})

it.each([
  ['sshd', { filter: 'sshd', mode: '' }],
  ['sshd[mode=aggressive]', { filter: 'sshd', mode: 'aggressive' }],
  [' apache-auth[logging="x", mode="more"] ', { filter: 'apache-auth', mode: 'more' }],
  ['', null],
  ['../x', null],
])('the filter of a jail, %o, is read with its mode', (reference, found) => {
  expect(readReference(reference)).toEqual(found)
})
