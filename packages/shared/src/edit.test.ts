import { describe, expect, it } from 'vitest'
import { Edit, Edits, MAX_EDITS } from './edit.ts'

const set = { kind: 'set', scope: 'jail', name: 'sshd', key: 'bantime', value: '1h' } as const

describe('an edit of the configuration', () => {
  it.each([
    set,
    { ...set, value: null },
    { ...set, name: 'my jäil' },
    { ...set, scope: 'filter', section: 'Init', key: 'failregex', value: '^a <HOST>$\n^b <HOST>$' },
    { kind: 'set', scope: 'default', key: 'bantime.increment', value: 'true' },
    { kind: 'set', scope: 'fail2ban', key: 'dbpurgeage', value: '7d' },
    { kind: 'file', file: 'jail.d/custom.conf', content: '[sshd]\n' },
    { kind: 'file', file: 'jail.local', content: null },
    { kind: 'create', scope: 'filter', name: 'mine', from: 'sshd' },
    { kind: 'delete', scope: 'jail', name: 'mine' },
  ])('is %j', (edit) => {
    expect(Edit.parse(edit)).toEqual(edit)
  })

  it.each([
    { ...set, name: undefined },
    { ...set, scope: 'default' },
    { ...set, name: 'a\nb' },
    { ...set, key: 'bantime = 1h\nactionban' },
    { ...set, key: 'bantime=1' },
    { ...set, key: '[evil' },
    { ...set, section: 'a]\n[b' },
    { ...set, value: '1h\0' },
    { ...set, value: '1h\r' },
    { ...set, value: 'x'.repeat(70_000) },
    { ...set, scope: 'filter', name: '../sshd' },
    { ...set, scope: 'action', name: '.hidden' },
    { kind: 'file', file: '../passwd', content: '' },
    { kind: 'file', file: '/etc/passwd', content: '' },
    { kind: 'file', file: 'jail.d//x.local', content: '' },
    { kind: 'file', file: 'jail.d/x.local\0', content: '' },
    { kind: 'create', scope: 'default', name: 'x' },
    { kind: 'create', scope: 'filter', name: 'x', from: '../y' },
    { kind: 'other' },
  ])('is never %j', (edit) => {
    expect(Edit.safeParse(edit).success).toBe(false)
  })

  it('is one of at most 200 in a change', () => {
    expect(Edits.safeParse(Array.from({ length: MAX_EDITS }, () => set)).success).toBe(true)
    expect(Edits.safeParse(Array.from({ length: MAX_EDITS + 1 }, () => set)).success).toBe(false)
    expect(Edits.safeParse([]).success).toBe(false)
  })
})
