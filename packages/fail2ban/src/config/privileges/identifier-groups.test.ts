import type { Edit } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { createFolder } from '../../../test/fail2ban-reader.ts'
import { planIn, setIn } from '../../../test/planned-edits.ts'
import { findIdentifierGroup } from './identifier-groups.ts'

describe('findIdentifierGroup', () => {
  it.each([
    '(?P<fid>.+)',
    '(?P<ip4>.+)',
    '(?P<ip6>.+)',
    '(?P<dns>.+)',
    '(?P<host>.+)',
    '(?P<ip>.+)',
    '(?P<cidr>.+)',
    '(?P<alt_ip4>.+)',
    '(?P<alt_ip4_1>.+)',
    '(?P<alt_FID_\u0661>.+)',
    '(?P<tuple_id_1>.+)',
    '<F-ID>.+</F-ID>',
    '<F-FID>.+</F-FID>',
    '<F-ID/>',
    '<F-IP4>.+</F-IP4>',
    '<F-IP6>.+</F-IP6>',
    '<F-DNS>.+</F-DNS>',
    '<F-HOST>.+</F-HOST>',
    '<F-IP>.+</F-IP>',
    '<F-ALT_ID>.+</F-ALT_ID>',
    '<F-ALT_IP4_2>.+</F-ALT_IP4_2>',
    '<F-TUPLE_ID>.+</F-TUPLE_ID>',
    String.raw`\\(?P<ip4>.+)`,
    '(?x) (?P<ip4> .+ )',
    String.raw`\(?P<F-ID>.+</F-ID>`,
    '[(?P<F-IP4>.+</F-IP4>]',
    String.raw`\(?P<x(?P<fid>.+)`,
    String.raw`\(?P<x(?P<y(?P<alt_ip4>.+)`,
  ])('%s names what is banned', (regex) => {
    expect(findIdentifierGroup(`^a ${regex} <HOST>$`)).toBeDefined()
  })

  it.each([
    '<HOST>',
    '<ADDR>',
    '<SUBNET>',
    '<IP4>|<IP6>|<DNS>',
    '<ADDR>/<CIDR>',
    '<F-IP4/>|<F-ADDR/>|<F-DNS/>',
    '<F-MLFID>x</F-MLFID>',
    '<F-USER>x</F-USER> <F-ALT_USER1>y</F-ALT_USER1>',
    '<F-CONTENT>.+</F-CONTENT>',
    '<F-PORT/>',
    '(?P<user>x)(?P=user)',
  ])('%s is what filters have', (regex) => {
    expect(findIdentifierGroup(`^a ${regex}$`)).toBeUndefined()
  })
})

const files = {
  'jail.conf': `[DEFAULT]
filter = %(__name__)s
[web]
logpath = /dev/null
[own]
logpath = /dev/null
[more]
filter = web
logpath = /var/log/more.log
`,
  'fail2ban.conf': '[Definition]\n',
  'filter.d/web.conf':
    '[Definition]\nwho = <HOST>\n_tag = x\nfailregex = ^a %(who)s <part>$\n[Init]\npart = b\n',
  'filter.d/own.conf':
    '[Definition]\nprefregex = ^<F-CONTENT>.+</F-CONTENT>$\nfailregex = ^a <F-ID>.+</F-ID>$\n  ^b <HOST>$\nusedns = raw\n',
  'filter.d/unused.conf': '[Definition]\nfailregex = ^c <HOST>$\n',
  'filter.d/web-common.conf': '[Definition]\n',
}

const inFilter = (name: string, key: string, value: string): Edit & { kind: 'set' } => ({
  kind: 'set',
  scope: 'filter',
  name,
  key,
  value,
})
const file = (name: string, content: string): Edit => ({ kind: 'file', file: name, content })

describe('at the level of jails', () => {
  it.each<[Edit[]]>([
    [[setIn('web', 'failregex', '^ z (?P<ip4>.+)$')]],
    [[setIn('web', 'failregex', '%(known/failregex)s\n^ z <F-ID>.+</F-ID>$')]],
    [[setIn('web', 'prefregex', '^(?P<fid>.+) <F-CONTENT>.+</F-CONTENT>$')]],
    [[setIn('web', 'ignoreregex', '^(?P<dns>.+)$')]],
    [[setIn('web', 'usedns', 'raw')]],
    [[setIn('web', 'usedns', 'RAW')]],
    [[setIn('web', 'filter', 'own')]],
    [[{ kind: 'set', scope: 'default', key: 'failregex', value: '^ z (?P<ip4>.+)$' }]],
    [[file('jail.local', '[web]\ndatepattern = (?P<ip4>.+)\nfailregex = ^%(datepattern)s$\n')]],
    [[file('jail.local', '[new]\nfilter = web\nfailregex = ^ (?P<ip6>.+)$\n')]],
    [[inFilter('web', 'failregex', '^ z (?P<ip4>.+)$')]],
    [[inFilter('web', 'usedns', 'raw')]],
    [[inFilter('web', 'who', '(?P<ip4>.+)')]],
    [[{ ...inFilter('web', 'part', '(?P<ip4>.+)'), section: 'Init' }]],
    [[file('filter.d/web.local', '[Definition]\nfailregex = ^ (?P<part>.+)$\n[Init]\npart = <ip4>\n')]],
    [[file('filter.d/web.local', '[Definition]\n_p = (?P\nfailregex = ^ %(_p)s<ip4>.+)$\n')]],
    [[file('filter.d/web.local', '[DEFAULT]\n_p = (?P<ip4>.+)\n[Definition]\nfailregex = ^ %(_p)s$\n')]],
    [[inFilter('unused', 'failregex', '^ z (?P<ip4>.+)$')]],
    [[file('filter.d/new.local', '[Definition]\nfailregex = ^ z (?P<ip4>.+)$\n')]],
    [[inFilter('own', 'failregex', '^a <F-ID>.*</F-ID>$')]],
  ])('what fail2ban bans by is not named: %j', async (edits) => {
    await using folder = await createFolder(files)
    await expect(planIn(folder.path, edits)).rejects.toMatchObject({
      code: 'config_not_allowed',
      params: { needs: 'all' },
    })
    expect(await planIn(folder.path, edits, { level: 'all' })).not.toEqual([])
  })

  it.each<[string, Edit]>([
    ['logpath', setIn('own', 'logpath', '/var/log/more.log')],
    ['journalmatch', setIn('own', 'journalmatch', '_COMM=other')],
    ['datepattern', setIn('own', 'datepattern', '{NONE}')],
    ['datepattern', { kind: 'set', scope: 'default', key: 'datepattern', value: '{NONE}' }],
    ['datepattern', inFilter('own', 'datepattern', '{NONE}')],
    ['maxlines', setIn('own', 'maxlines', '5')],
    ['prefregex', setIn('own', 'prefregex', '^x <F-CONTENT>.+</F-CONTENT>$')],
    ['prefregex', inFilter('own', 'prefregex', '^x <F-CONTENT>.+</F-CONTENT>$')],
    ['logencoding', setIn('own', 'logencoding', 'latin-1')],
  ])('an expression that is there already gets no other text by %s: %j', async (key, edit) => {
    await using folder = await createFolder(files)
    await expect(planIn(folder.path, [edit])).rejects.toThrow(`another ${key} for an expression with <F-ID>`)
    expect(await planIn(folder.path, [edit], { level: 'all' })).not.toEqual([])
  })

  it.each<[Edit[]]>([
    [[setIn('web', 'failregex', '^ z <ADDR> <F-USER>.+</F-USER>$')]],
    [[setIn('web', 'usedns', 'warn')]],
    [[setIn('own', 'maxretry', '7')]],
    [[setIn('web', 'datepattern', '{NONE}')]],
    [[setIn('web', 'prefregex', '^x <F-CONTENT>.+</F-CONTENT>$')]],
    [[setIn('own', 'failregex', '%(known/failregex)s\n^c <HOST>$')]],
    [[inFilter('own', 'failregex', '^a <F-ID>.+</F-ID>$\n^c <HOST>$')]],
    [[inFilter('own', 'ignoreregex', '^d')]],
    [[{ kind: 'create', scope: 'filter', name: 'copy', from: 'own' }, setIn('own', 'filter', 'copy')]],
  ])('what was there before stays allowed: %j', async (edits) => {
    await using folder = await createFolder(files)
    expect(await planIn(folder.path, edits)).not.toEqual([])
  })
})
