import { describe, expect, it } from 'vitest'
import { editsOf, emptyJail, problemsOf } from './new-jail-state.ts'

const rule = { maxretry: '5', findtime: '10m', bantime: '1h' }
const present = { maxretry: '5', findtime: '10m', bantime: '10m', backend: 'auto', logpath: '/var/log/a' }

describe('the edits of a new jail', () => {
  it('enable a stock jail and set only what differs', () => {
    const state = { ...emptyJail, ...rule, jail: 'nginx-http-auth', logs: ['/var/log/a'] }
    expect(editsOf(state, present)).toEqual([
      { kind: 'set', scope: 'jail', name: 'nginx-http-auth', key: 'bantime', value: '1h' },
      { kind: 'set', scope: 'jail', name: 'nginx-http-auth', key: 'enabled', value: 'true' },
    ])
  })

  it('create a jail of a filter, with its log, and enable it last', () => {
    const state = {
      ...emptyJail,
      ...rule,
      from: 'filter',
      filter: 'sshd',
      mode: 'aggressive',
      name: 'ssh-2',
      logs: ['/var/log/a', '/var/log/b'],
    } as const
    expect(
      editsOf(state, { ...present, backend: 'systemd' }).map((edit) => Object.values(edit).slice(3)),
    ).toEqual([
      [],
      ['filter', 'sshd[mode=aggressive]'],
      ['backend', 'auto'],
      ['logpath', '/var/log/a\n/var/log/b'],
      ['bantime', '1h'],
      ['enabled', 'true'],
    ])
  })

  it('read the journal with the backend for it', () => {
    const state = {
      ...emptyJail,
      ...rule,
      jail: 'sshd',
      source: 'journal',
      journal: '_SYSTEMD_UNIT=ssh.service',
    } as const
    const keys = (values: typeof present) =>
      editsOf(state, values).map((edit) => (edit.kind === 'set' ? edit.key : edit.kind))
    expect(keys(present)).toEqual(['backend', 'journalmatch', 'bantime', 'enabled'])
    expect(keys({ ...present, backend: 'systemd' })).toEqual(['journalmatch', 'bantime', 'enabled'])
  })
})

it('a new jail names each field that is missing or wrong', () => {
  const state = {
    ...emptyJail,
    from: 'filter',
    name: '-x',
    maxretry: '0',
    findtime: 'soon',
    port: '$(x)',
  } as const
  expect(Object.keys(problemsOf(state, new Set())).toSorted()).toEqual(
    ['bantime', 'filter', 'findtime', 'logs', 'maxretry', 'name', 'port'].toSorted(),
  )
  const taken = { ...emptyJail, ...rule, from: 'filter', filter: 'a', name: 'web', logs: ['/x'] } as const
  expect(problemsOf(taken, new Set(['web']))).toEqual({ name: 'There is already a jail with this name.' })
  expect(problemsOf(taken, new Set())).toEqual({})
})
