import { expect, it } from 'vitest'
import { isOwn, listGroups, type TreeSources } from './tree-items.ts'

const optionOf = (key: string) => ({
  key,
  type: 'text' as const,
  meaning: '',
  needs: 'reload' as const,
  privilege: 'safe' as const,
  grammar: { says: 'text', pattern: null },
})

const sources: TreeSources = {
  jails: [
    { name: 'off', enabled: false, filter: 'rare', actions: [], own: false },
    { name: 'sshd', enabled: true, filter: 'sshd', actions: ['nft'], own: false },
  ],
  filters: [
    { name: 'rare', files: [], jails: ['off'], own: false },
    { name: 'sshd', files: [], jails: ['sshd'], own: false },
  ],
  actions: undefined,
  files: [
    { path: 'jail.conf', size: 1 },
    { path: 'jail.local', size: 1 },
    { path: 'filter.d/a\u202eb.conf', size: 1 },
  ],
  options: {
    jail: [optionOf('findtime'), optionOf('bantime')],
    filter: [],
    action: [],
    fail2ban: [optionOf('stacksize')],
  },
}

const names = (search: string) =>
  listGroups(sources, search).map(({ label, items }) => [label, items?.map((item) => item.label)])

it('the tree has what is in use first, and own files before others', () => {
  expect(names('')).toEqual([
    ['Jails', ['sshd', 'off']],
    ['Filters', ['sshd', 'rare']],
    ['Actions', undefined],
    ['Files', ['jail.local', 'filter.d/a\\u{202e}b.conf', 'jail.conf']],
  ])
})

it('a search finds options as well, by their name or their label', () => {
  expect(names('time FIND')[0]).toEqual(['Options', ['findtime']])
  expect(listGroups(sources, 'stack')[0]?.items).toMatchObject([
    { href: '/configuration/fail2ban#Thread.stacksize', note: 'fail2ban.conf' },
  ])
  expect(names('ssh')).toEqual([
    ['Options', []],
    ['Jails', ['sshd']],
    ['Filters', ['sshd']],
    ['Actions', undefined],
    ['Files', []],
  ])
})

it.each([
  ['jail.local', true],
  ['filter.d/sshd.local', true],
  ['jail.d/custom.conf', true],
  ['jail.conf', false],
  ['filter.d/sshd.conf', false],
  ['paths-debian.conf', false],
])('%s is an own file: %s', (path, own) => {
  expect(isOwn(path)).toBe(own)
})
