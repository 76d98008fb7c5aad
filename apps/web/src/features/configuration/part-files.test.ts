import type { EffectiveSetting } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { lineOfPart, partFiles, partOfFile, whyReadOnly } from './part-files.ts'

const setting = (file: string, section = 'web', others: readonly string[] = []): EffectiveSetting => ({
  key: 'bantime',
  section,
  value: '1h',
  raw: '1h',
  file: `/etc/fail2ban/${file}`,
  line: 1,
  isDefault: false,
  inForce: null,
  overrides: others.map((path) => ({ file: `/etc/fail2ban/${path}`, line: 2, value: '2h' })),
})

const web = { kind: 'jail', name: 'web' } as const

describe('the files of a part', () => {
  it('are those that set its options, own ones first, and the one for further values', () => {
    const settings = [
      setting('jail.d/defaults.conf', 'web', ['jail.conf']),
      setting('jail.local'),
      setting('filter.d/web.local', 'filter.d/web'),
    ]
    expect(partFiles(web, settings, '/etc/fail2ban')).toEqual([
      'jail.local',
      'jail.d/zz-bangui.local',
      'jail.d/defaults.conf',
      'jail.conf',
    ])
  })

  it('of a filter include its override, which may not be there yet', () => {
    const filter = { kind: 'filter', name: 'web' } as const
    expect(partFiles(filter, [setting('filter.d/web.conf', 'filter.d/web')], '/etc/fail2ban')).toEqual([
      'filter.d/web.local',
      'filter.d/web.conf',
    ])
    expect(partFiles({ kind: 'fail2ban' }, [], undefined)).toEqual(['fail2ban.local'])
  })
})

it.each([
  ['filter.d/web.local', { kind: 'filter', name: 'web' }],
  ['action.d/nft.conf', { kind: 'action', name: 'nft' }],
  ['fail2ban.local', { kind: 'fail2ban' }],
  ['jail.d/mine.conf', { kind: 'default' }],
])('%s has the options of one part', (path, part) => {
  expect(partOfFile(path)).toEqual(part)
})

it('the section of a jail begins at a line', () => {
  expect(lineOfPart(web, '# x\n[DEFAULT]\n[web]\nport = 1')).toBe(3)
  expect(lineOfPart({ kind: 'default' }, '[web]')).toBeUndefined()
  expect(lineOfPart({ kind: 'fail2ban' }, '[Definition]')).toBeUndefined()
})

it('files of actions can be changed where everything can', () => {
  expect(whyReadOnly('action.d/x.local', 'jails')).toMatch(/BANGUI_CONFIG_WRITE=all/)
  expect(whyReadOnly('action.d/x.local', 'all')).toBeUndefined()
  expect(whyReadOnly('filter.d/x.local', 'jails')).toBeUndefined()
})
