import { createHash } from 'node:crypto'
import { mkdir, symlink, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import type { Edit } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { editIn, planIn, setIn } from '../../test/planned-edits.ts'
import { isHostError } from '../host-error.ts'
import { OVERRIDES_HEADER } from './edits/draft-files.ts'

const stock = {
  'jail.conf':
    '[DEFAULT]\nbantime = 10m\nfilter = %(__name__)s[mode=%(mode)s]\nmode = normal\nport = 0:65535\naction = noop[port="%(port)s"]\n[web]\nport = http\nlogpath = /dev/null\nignoreip = ::1\n[mail]\nlogpath = /dev/null\n',
  'fail2ban.conf': '[DEFAULT]\nloglevel = INFO\n[Definition]\nsocket = /run/x\npidfile = /run/y\n',
  'filter.d/web.conf':
    '# a comment\n[INCLUDES]\nbefore = common.conf\n[Definition]\nfailregex = ^a <HOST>$\n\n[Init]\nmaxlines = 2\n',
  'filter.d/common.conf': '[Definition]\n_daemon = \\S*\n',
  'filter.d/mail.conf': '[Definition]\nfailregex = ^b <HOST>$\n',
  'action.d/noop.conf': '[Definition]\nactionban = true <port> <ip>\n',
}

const own = (text: string) => `${OVERRIDES_HEADER}\n${text}`

const filter = (key: string, value: string | null, more: object = {}): Edit => ({
  kind: 'set',
  scope: 'filter',
  name: 'web',
  key,
  value,
  ...more,
})

/** What edits write into the folder that has more files. */
async function written(edits: readonly Edit[], files: Record<string, string> = {}, level?: 'all') {
  await using folder = await createFolder({ ...stock, ...files })
  return await editIn(folder.path, edits, level && { level })
}

interface Expected {
  readonly given?: Record<string, string>
  readonly files: Record<string, string | null>
}

describe('a set option', () => {
  it.each<[string, Edit[], Expected]>([
    [
      'of a jail that no .local file sets',
      [setIn('web', 'port', 'https')],
      { files: { 'jail.d/zz-bangui.local': own('[web]\nport = https\n') } },
    ],
    [
      'of a jail that a .local file sets',
      [setIn('web', 'port', 'https')],
      {
        given: { 'jail.local': '# mine\n[web]\nport = 80 ; why\n' },
        files: { 'jail.local': '# mine\n[web]\nport = https ; why\n' },
      },
    ],
    [
      'of [DEFAULT]',
      [{ kind: 'set', scope: 'default', key: 'bantime', value: '1h' }],
      { files: { 'jail.d/zz-bangui.local': own('[DEFAULT]\nbantime = 1h\n') } },
    ],
    [
      'of fail2ban itself, beside one that fail2ban.d sets',
      [
        { kind: 'set', scope: 'fail2ban', key: 'loglevel', value: 'DEBUG' },
        { kind: 'set', scope: 'fail2ban', key: 'dbpurgeage', value: '7d' },
      ],
      {
        given: { 'fail2ban.d/x.local': '[Definition]\nloglevel = ERROR\n' },
        files: {
          'fail2ban.d/x.local': '[Definition]\nloglevel = DEBUG\n',
          'fail2ban.local': own('[Definition]\ndbpurgeage = 7d\n'),
        },
      },
    ],
    [
      'of a filter, and of its [Init]',
      [filter('failregex', '^c <HOST>$\n^d <HOST>$'), filter('maxlines', '3')],
      {
        files: {
          'filter.d/web.local': own(
            '[Definition]\nfailregex = ^c <HOST>$\n    ^d <HOST>$\n\n[Init]\nmaxlines = 3\n',
          ),
        },
      },
    ],
    [
      'in a section of a filter that is named',
      [filter('maxlines', '3', { section: 'Init?family=inet6' })],
      { files: { 'filter.d/web.local': own('[Init?family=inet6]\nmaxlines = 3\n') } },
    ],
    [
      'several times: the last value counts',
      [setIn('web', 'port', 'https'), setIn('web', 'Port', '8080')],
      { files: { 'jail.d/zz-bangui.local': own('[web]\nport = 8080\n') } },
    ],
  ])('%s goes into one file', async (_, edits, { given, files }) => {
    expect(await written(edits, given)).toEqual(files)
  })

  it('of a filter goes into the .local of that filter, not of one that it includes', async () => {
    const files = { 'filter.d/common.local': '[Definition]\n_daemon = x\n' }
    expect(Object.keys(await written([filter('_daemon', 'web')], files))).toEqual(['filter.d/web.local'])
  })

  it.each([
    ['jail.d/zzz.conf', false],
    ['jail.d/zzzz.local', true],
  ])(
    'that %s sets as well is refused where that file wins and is no file of BanGUI',
    async (name, isRefused) => {
      await using folder = await createFolder({ ...stock, 'elsewhere.local': '[web]\nport = 22\n' })
      await mkdir(join(folder.path, 'jail.d'))
      await symlink(join(folder.path, 'elsewhere.local'), join(folder.path, name))
      const planned = planIn(folder.path, [setIn('web', 'port', 'https')])
      if (!isRefused) return expect(await planned).toHaveLength(1)
      await expect(planned).rejects.toThrow(
        /port in \[web\] cannot be set: .*zzzz\.local, line 2, is read later.* does not write through links/s,
      )
    },
  )

  it('with a value of several lines never becomes two options', async () => {
    const value = '^a <HOST>$\nactionban = touch x\n[evil]\nbantime = 1'
    const { 'filter.d/web.local': text } = await written([filter('failregex', value)])
    expect(text).toBe(
      own('[Definition]\nfailregex = ^a <HOST>$\n    actionban = touch x\n    [evil]\n    bantime = 1\n'),
    )
    await expect(written([setIn('web', 'bantime', '1h\nactionban = touch x')])).rejects.toThrow(/duration/)
  })
})

describe('an override that is removed', () => {
  it('takes the file along that BanGUI made for it', async () => {
    await using folder = await createFolder(stock)
    await editIn(folder.path, [setIn('web', 'port', 'https'), setIn('mail', 'port', '25')])
    expect(await editIn(folder.path, [setIn('web', 'port', null)])).toEqual({
      'jail.d/zz-bangui.local': own('[mail]\nport = 25\n'),
    })
    expect(await editIn(folder.path, [setIn('mail', 'port', null)])).toEqual({
      'jail.d/zz-bangui.local': null,
    })
  })

  it('leaves a file of the user and its section', async () => {
    const files = { 'jail.local': '# mine\n[web]\nport = 80\n' }
    expect(await written([setIn('web', 'port', null)], files)).toEqual({ 'jail.local': '# mine\n[web]\n' })
  })

  it('leaves the section of a jail that is defined there only', async () => {
    await using folder = await createFolder(stock)
    await editIn(folder.path, [{ kind: 'create', scope: 'jail', name: 'mine' }])
    expect(await editIn(folder.path, [setIn('mine', 'enabled', null)])).toEqual({
      'jail.d/zz-bangui.local': own('[mine]\n'),
    })
  })

  it('is nothing to do where only a .conf file sets the option', async () => {
    expect(await written([setIn('web', 'port', null)])).toEqual({})
  })

  it('is forgotten where the same change set it', async () => {
    expect(await written([setIn('web', 'port', 'https'), setIn('web', 'port', null)])).toEqual({})
  })
})

describe('a jail, a filter or an action that is created', () => {
  it('as a copy of a jail has its options and its filter, and is off', async () => {
    const files = { 'jail.local': '[web]\nignoreip = %(known/ignoreip)s 192.0.2.1\nenabled = true\n' }
    const edits: Edit[] = [
      { kind: 'create', scope: 'jail', name: 'shop', from: 'web' },
      setIn('shop', 'port', '8080'),
    ]
    expect(await written(edits, files)).toEqual({
      'jail.d/zz-bangui.local': own(
        '[shop]\nenabled = false\nfilter = web[mode=%(mode)s]\nport = 8080\nlogpath = /dev/null\nignoreip = ::1 192.0.2.1\n',
      ),
    })
  })

  it('as a copy of a filter is its file with what its .local sets', async () => {
    const files = { 'filter.d/web.local': '[Definition]\nfailregex = ^z <HOST>$\n' }
    expect(await written([{ kind: 'create', scope: 'filter', name: 'shop', from: 'web' }], files)).toEqual({
      'filter.d/shop.local': stock['filter.d/web.conf'].replace('^a', '^z'),
    })
  })

  it('and a jail that uses it can be in one change', async () => {
    const edits: Edit[] = [
      { kind: 'create', scope: 'filter', name: 'shop' },
      { ...filter('failregex', '^s <HOST>$'), name: 'shop' } as Edit,
      { kind: 'create', scope: 'jail', name: 'shop' },
      setIn('shop', 'filter', 'shop[mode=more]'),
      setIn('shop', 'logpath', '/var/log/shop.log'),
      setIn('shop', 'enabled', 'true'),
    ]
    expect(Object.keys(await written(edits))).toEqual(['filter.d/shop.local', 'jail.d/zz-bangui.local'])
  })

  it.each<[Edit, RegExp]>([
    [{ kind: 'create', scope: 'jail', name: 'web' }, /already a jail named web/],
    [{ kind: 'create', scope: 'filter', name: 'web' }, /already a filter named web/],
    [{ kind: 'create', scope: 'jail', name: 'j$(touch x)' }, /name of a new jail must have/],
    [{ kind: 'create', scope: 'jail', name: '-j' }, /name of a new jail must have/],
    [{ kind: 'create', scope: 'jail', name: '.j' }, /name of a new jail must have/],
    [{ kind: 'create', scope: 'jail', name: 'INCLUDES' }, /name of a new jail must have/],
    [{ kind: 'create', scope: 'jail', name: 'default' }, /name of a new jail must have/],
    [{ kind: 'create', scope: 'jail', name: 'loglevel' }, /name of a new jail must have/],
    [{ kind: 'create', scope: 'jail', name: 'x'.repeat(65) }, /name of a new jail must have/],
    [{ kind: 'create', scope: 'jail', name: 'j', from: 'nowhere' }, /no jail named nowhere/],
    [{ kind: 'create', scope: 'filter', name: 'f', from: 'nowhere' }, /no filter named nowhere/],
  ])('is refused: %j', async (edit, message) => {
    await expect(written([edit])).rejects.toThrow(message)
  })

  it('is deleted with its file or its section, and nothing that fail2ban ships', async () => {
    await using folder = await createFolder(stock)
    await editIn(folder.path, [
      { kind: 'create', scope: 'jail', name: 'shop', from: 'web' },
      { kind: 'create', scope: 'filter', name: 'shop', from: 'web' },
    ])
    await folder.write('jail.d/custom.conf', '[own]\nport = 1\n\n# about other\n[other]\nport = 2\n')
    expect(
      await editIn(folder.path, [
        { kind: 'delete', scope: 'jail', name: 'shop' },
        { kind: 'delete', scope: 'filter', name: 'shop' },
        { kind: 'delete', scope: 'jail', name: 'own' },
      ]),
    ).toEqual({
      'jail.d/zz-bangui.local': null,
      'filter.d/shop.local': null,
      'jail.d/custom.conf': '# about other\n[other]\nport = 2\n',
    })
    for (const edit of [
      { kind: 'delete', scope: 'jail', name: 'web' },
      { kind: 'delete', scope: 'filter', name: 'common' },
    ] as const)
      await expect(planIn(folder.path, [edit])).rejects.toThrow(/comes with fail2ban/)
  })
})

it('a filter that a jail uses, enabled or not, is not deleted before the jail', async () => {
  await using folder = await createFolder({
    ...stock,
    'filter.d/mine.conf': '[Definition]\nfailregex = ^m <HOST>$\n',
    'jail.local': '[mine]\nenabled = false\n',
  })
  const edit: Edit = { kind: 'delete', scope: 'filter', name: 'mine' }
  await expect(planIn(folder.path, [edit])).rejects.toThrow(
    'The jail mine uses the filter mine. Change that jail first.',
  )
  expect(await planIn(folder.path, [edit, { kind: 'delete', scope: 'jail', name: 'mine' }])).toHaveLength(2)
  expect(await planIn(folder.path, [edit, setIn('mine', 'filter', 'web')])).toHaveLength(2)
})

it('a filter that another one includes is not deleted before that one', async () => {
  await using folder = await createFolder({
    ...stock,
    'filter.d/base.local': '[Definition]\nx = y\n',
    'filter.d/mine.local': '[INCLUDES]\nbefore = base.local\n[Definition]\nfailregex = ^m <HOST>$\n',
  })
  const edit: Edit = { kind: 'delete', scope: 'filter', name: 'base' }
  await expect(planIn(folder.path, [edit])).rejects.toThrow(
    'The filter mine includes the filter base. Change or delete that filter first.',
  )
  expect(await planIn(folder.path, [edit, { kind: 'delete', scope: 'filter', name: 'mine' }])).toHaveLength(2)
})

describe('a file that is edited as text', () => {
  it('is any file of the user that fail2ban reads', async () => {
    const files = { 'jail.d/custom.conf': '[web]\nport = 80\n' }
    const edits: Edit[] = [
      { kind: 'file', file: 'jail.d/custom.conf', content: '[web]\r\nport = 81\r\n' },
      { kind: 'file', file: 'filter.d/web.local', content: '[Definition]\nfailregex = ^x <HOST>$\n' },
    ]
    expect(await written(edits, files)).toEqual({
      'jail.d/custom.conf': '[web]\r\nport = 81\r\n',
      'filter.d/web.local': '[Definition]\nfailregex = ^x <HOST>$\n',
    })
    expect(await written([{ kind: 'file', file: 'jail.d/custom.conf', content: null }], files)).toEqual({
      'jail.d/custom.conf': null,
    })
  })

  it('is refused where somebody changed it since it was read', async () => {
    await using folder = await createFolder({ ...stock, 'jail.local': '[web]\nport = 80\n' })
    const base = createHash('sha256').update('[web]\nport = 80\n').digest('hex')
    const edit = { kind: 'file', file: 'jail.local', content: '[web]\nport = 81\n', base } as const
    expect(await planIn(folder.path, [edit])).toHaveLength(1)
    await folder.write('jail.local', '[web]\nport = 82\n')
    const error = await planIn(folder.path, [edit]).catch((reason: unknown) => reason)
    expect(isHostError(error, 'config_changed')).toBe(true)
    await expect(planIn(folder.path, [{ ...edit, base: null }])).rejects.toThrow(/Somebody else changed/)
    const set = { ...setIn('web', 'port', '83'), base: '80' } as Edit
    await expect(planIn(folder.path, [set])).rejects.toThrow(/Somebody else changed/)
    expect(await planIn(folder.path, [{ ...set, base: '82' } as Edit])).toHaveLength(1)
  })
})

const file = (name: string, content: string | null = '[web]\nport = 1\n'): Edit => ({
  kind: 'file',
  file: name,
  content,
})

describe('hostile input', () => {
  it.each<[string, Edit, RegExp]>([
    ['a path that leads outside', file('../jail.local'), /does not read/],
    ['an absolute path', file('/etc/passwd.local'), /does not read/],
    ['a path with a NUL', file('jail.d/x\0.local'), /does not read/],
    ['a path with a line end', file('jail.d/x\n.local'), /does not read/],
    ['a packaged file', file('jail.conf'), /comes with fail2ban/],
    ['a packaged filter', file('filter.d/sshd.conf'), /comes with fail2ban/],
    ['a new .conf file', file('jail.d/new.conf'), /end in \.local/],
    ['a program', file('action.d/x.py'), /does not read/],
    ['a hidden file', file('jail.d/.x.local'), /does not read/],
    ['a file that fail2ban passes over', file('jail.d/x.bak'), /does not read/],
    ['a file that is not there', file('jail.d/none.local', null), /does not exist/],
    ['a text with a NUL', file('jail.local', '[web]\nport = 1\0\n'), /control characters/],
    ['a text that is too long', file('jail.local', `# ${'x'.repeat(1024 * 1024)}`), /1 MiB/],
    ['a file that is a folder', file('jail.d/folder.local'), /not a regular file/],
    ['a link that leads outside', file('jail.d/link.local'), /link to/],
    ['a file in a folder that is a link', file('filter.d/web.local'), /link to/],
    ['a file of 10 MB', file('jail.d/large.local'), /larger than 1 MiB/],
    ['a file that is no UTF-8', file('jail.d/latin.local'), /not valid UTF-8/],
    ['a duration that is Python', setIn('web', 'bantime', '__import__("os").system("id")'), /duration/],
    ['a duration as a sum', setIn('web', 'findtime', '1h+1'), /duration/],
    ['a value with a comment', setIn('web', 'failregex', 'a ; b'), /cannot write this value/],
    ['a jail that does not exist', setIn('nowhere', 'port', '1'), /no jail named nowhere/],
    ['the includes as a jail', setIn('INCLUDES', 'before', 'x.conf'), /no jail named INCLUDES/],
    [
      'a filter that does not exist',
      { ...filter('failregex', 'x'), name: 'nowhere' } as Edit,
      /no filter named/,
    ],
    ['a command in a jail', setIn('web', 'actionban', 'touch x'), /no effect in a jail/],
  ])('%s is refused in one sentence, at every level', async (_, edit, message) => {
    await using outside = await createFolder({ 'web.local': '', 'other.local': '' })
    await using folder = await createFolder({
      ...stock,
      'jail.d/large.local': '',
      'jail.d/latin.local': Buffer.from([0x23, 0xe9, 0x0a]),
    })
    await truncate(join(folder.path, 'jail.d/large.local'), 10 * 1024 * 1024)
    await mkdir(join(folder.path, 'jail.d/folder.local'))
    await symlink(join(outside.path, 'other.local'), join(folder.path, 'jail.d/link.local'))
    if (message.source === 'link to' && 'file' in edit && edit.file.startsWith('filter.d')) {
      await using linked = await createFolder(Object.fromEntries(Object.entries(stock).slice(0, 2)))
      await symlink(outside.path, join(linked.path, 'filter.d'))
      await expect(planIn(linked.path, [edit], { level: 'all' })).rejects.toThrow(message)
      return
    }
    await expect(planIn(folder.path, [edit], { level: 'all' })).rejects.toThrow(message)
    await expect(planIn(folder.path, [edit])).rejects.toThrow(message)
  })

  it('an include loop, a jail in three files, and a configuration that is a link are planned all the same', async () => {
    await using folder = await createFolder({
      ...stock,
      'jail.local': '[INCLUDES]\nbefore = jail.local\n[web]\nport = 1\n',
      'jail.d/a.local': '[web]\nport = 2\n',
      'jail.d/b.local': '[web]\nport = 3\n[web]\nport = 3\n',
    })
    await using links = await createFolder({})
    const link = join(links.path, 'config')
    await symlink(folder.path, link)
    const [planned, ...others] = await planIn(link, [setIn('web', 'maxretry', '9')])
    expect(others).toEqual([])
    expect(planned).toMatchObject({ path: join(link, 'jail.d/zz-bangui.local'), before: null })
    expect((await planIn(link, [setIn('web', 'port', '9')])).map(({ path }) => path)).toEqual([
      join(link, 'jail.d/b.local'),
    ])
  })

  it('in a file that is no UTF-8 leaves that file, which fail2ban does not read', async () => {
    await using folder = await createFolder({
      ...stock,
      'jail.local': Buffer.from('[web]\n# M\u00FCller\nport = 1\n', 'latin1'),
    })
    expect(Object.keys(await editIn(folder.path, [setIn('web', 'port', '9')]))).toEqual([
      'jail.d/zz-bangui.local',
    ])
  })

  it('in a file with a byte order mark keeps the mark', async () => {
    expect(await written([setIn('web', 'port', '9')], { 'jail.local': '\uFEFF[web]\nport = 1\n' })).toEqual({
      'jail.local': '\uFEFF[web]\nport = 9\n',
    })
  })
})
