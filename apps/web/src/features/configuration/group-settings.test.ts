import type { EffectiveSetting } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { differsFromDefault, groupSettings, isRareLine, isSameValue, notLoaded } from './group-settings.ts'
import type { CatalogueOption } from './option-words.ts'

const option = (key: string, more: Partial<CatalogueOption> = {}): CatalogueOption => ({
  key,
  type: 'text',
  meaning: 'What it means.',
  needs: 'reload',
  privilege: 'safe',
  grammar: { says: 'text', pattern: null },
  ...more,
})

const setting = (key: string, value: string, more: Partial<EffectiveSetting> = {}): EffectiveSetting => ({
  key,
  section: 'web',
  value,
  raw: value,
  file: '/etc/fail2ban/jail.local',
  line: 1,
  isDefault: false,
  inForce: null,
  overrides: [],
  ...more,
})

const catalogue = {
  jail: [
    option('bantime', { type: 'seconds', default: '600' }),
    option('enabled', { type: 'switch', default: 'false' }),
    option('journalmatch'),
    option('mta', { isVariable: true }),
  ],
  filter: [option('failregex', { type: 'regexes' })],
  action: [option('actionban', { type: 'command' })],
  fail2ban: [option('loglevel'), option('stacksize')],
}

const shape = (groups: ReturnType<typeof groupSettings>) =>
  groups.map(({ title, lines }) => [title, ...lines.map(({ section, key }) => `${section}.${key}`)])

describe('the settings of a page', () => {
  it('of a jail are in groups, those of its filter and actions after them', () => {
    const settings = [
      setting('own', '1'),
      setting('bantime', '1h'),
      setting('failregex', 'x', { section: 'filter.d/web' }),
      setting('actionban', 'x', { section: 'action.d/nft' }),
    ]
    expect(shape(groupSettings({ kind: 'jail', name: 'web' }, settings, catalogue))).toEqual([
      ['What is watched', 'web.enabled', 'web.journalmatch'],
      ['How long a ban lasts', 'web.bantime'],
      ['Variables and other names', 'web.own'],
      ['Filter web in this jail', 'filter.d/web.failregex'],
      ['Action nft in this jail', 'action.d/nft.actionban'],
    ])
  })

  it('of fail2ban name the section of an option that nothing sets', () => {
    expect(shape(groupSettings({ kind: 'fail2ban' }, [], catalogue))).toEqual([
      ['Log', 'Definition.loglevel'],
      ['Process', 'Thread.stacksize'],
    ])
  })

  it('that the daemon has otherwise are listed', () => {
    const settings = [setting('bantime', '1h', { inForce: '600' }), setting('own', '1', { inForce: '' })]
    const groups = groupSettings({ kind: 'jail', name: 'web' }, settings, catalogue)
    expect(notLoaded(groups).map(({ key }) => key)).toEqual(['bantime', 'own'])
  })
})

describe('a setting that few people need', () => {
  const rare = (more: Partial<EffectiveSetting> = {}) => ({
    section: 'web',
    key: 'maxmatches',
    setting: setting('maxmatches', '5', more),
    option: undefined,
  })

  it.each<[string, Partial<EffectiveSetting>, boolean]>([
    ['is folded away with the value that fail2ban comes with', { file: '/etc/fail2ban/jail.conf' }, true],
    ['is shown where somebody has set it here', { file: '/etc/fail2ban/jail.local' }, false],
    [
      'is folded away where somebody has set it for all jails',
      { file: '/etc/fail2ban/jail.local', inherited: true },
      true,
    ],
    ['is shown where the daemon has another value', { inForce: '6' }, false],
  ])('%s', (_, more, isRare) => {
    expect(isRareLine(rare(more), { isRare: false })).toBe(isRare)
  })

  it('is never one that everybody needs', () => {
    expect(isRareLine({ ...rare(), key: 'bantime' }, { isRare: false })).toBe(false)
  })

  it('in a group that few people need is any, unless its name is probably misspelt', () => {
    const stock = rare({ file: '/etc/fail2ban/jail.conf' })
    expect(isRareLine({ ...stock, key: 'own' }, { isRare: true })).toBe(true)
    expect(isRareLine({ ...rare({ meant: 'bantime' }), key: 'bantimme' }, { isRare: true })).toBe(false)
  })
})

describe('a setting', () => {
  const line = (
    value: string,
    more: Partial<EffectiveSetting> = {},
    type: CatalogueOption['type'] = 'seconds',
  ) => ({
    section: 'web',
    key: 'bantime',
    setting: setting('bantime', value, more),
    option: option('bantime', { type, default: type === 'switch' ? 'true' : '600' }),
  })

  it.each([
    ['1h', true],
    ['10m', false],
    ['600', false],
    ['10m + 1', true],
  ])('of %s differs from a default of 600 s: %s', (value, differs) => {
    expect(differsFromDefault(line(value))).toBe(differs)
  })

  it('that no file sets does not differ', () => {
    expect(differsFromDefault(line('1h', { isDefault: true }))).toBe(false)
    expect(differsFromDefault({ ...line('1h'), setting: undefined })).toBe(false)
  })

  it('without a default differs when it has a value, which may be hidden', () => {
    const own = { section: 'web', key: 'own', option: undefined }
    expect(differsFromDefault({ ...own, setting: setting('own', 'x') })).toBe(true)
    expect(differsFromDefault({ ...own, setting: setting('own', '', { hidden: true }) })).toBe(true)
    expect(differsFromDefault({ ...own, setting: setting('own', '') })).toBe(false)
  })

  it('that is on is the same in each of its words', () => {
    expect(isSameValue('yes', 'True', 'switch')).toBe(true)
    expect(isSameValue('no', 'nonsense', 'switch')).toBe(true)
    expect(isSameValue('on', 'off', 'switch')).toBe(false)
    expect(isSameValue('yes', 'true', 'text')).toBe(false)
  })
})
