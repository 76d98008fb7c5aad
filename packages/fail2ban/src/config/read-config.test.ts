import { cp, mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFolder, readWithFail2ban } from '../../test/fail2ban-reader.ts'
import { ConfigUnreadableError } from '../errors.ts'
import { interpolate } from './interpolate.ts'
import { daemonOption } from './list-jails.ts'
import { readFail2banConfig } from './read-config.ts'

/** Every option of every section as our reader has it, in the form of fail2ban's own reader. */
async function readAll(configDir: string) {
  const { jail } = await readFail2banConfig(configDir)
  const entries = [...jail.sections].map(([name, { options }]) => {
    const keys = new Set([...options.keys(), ...jail.defaults.keys()])
    const values = [...keys].map((key) => {
      const found = interpolate(jail, name, key)
      return [key, found === undefined || found.problem !== null ? null : found.value]
    })
    return [name, Object.fromEntries(values)]
  })
  return Object.fromEntries(entries)
}

const cases: readonly [string, Record<string, string>][] = [
  [
    'defaults overridden in jail.local',
    {
      'jail.conf':
        '[DEFAULT]\nbantime = 10m\nport = 1:2\n[sshd]\nport = ssh\nx = %(port)s %(bantime)s\n[other]\nx = %(port)s\n',
      'jail.local': '[DEFAULT]\nbantime = 1d\n[other]\nport = 80\n',
    },
  ],
  [
    'the order of the folder: conf before local, by name',
    {
      'jail.conf': '[sshd]\na = conf\nb = conf\nc = conf\nd = conf\n',
      'jail.d/20.conf': '[sshd]\na = 20\nb = 20\n',
      'jail.d/10.conf': '[sshd]\na = 10\nb = 10\nc = 10\n',
      'jail.d/Z.local': '[sshd]\nd = Z\n',
      'jail.d/a.local': '[sshd]\nd = a\nb = a.local\n',
      'jail.d/ignored.txt': '[sshd]\na = never\n',
      'jail.d/.hidden.conf': '[sshd]\na = never\n',
      'jail.local': '[sshd]\nc = local\nd = local\n',
    },
  ],
  [
    'includes before and after, with the local of each',
    {
      'jail.conf':
        '[INCLUDES]\nbefore = one.conf\n         sub/two.conf\nafter = three.conf\n         missing.conf\n[DEFAULT]\nx = jail\ny = jail\n[sshd]\nall = %(one)s %(two)s %(x)s %(y)s %(z)s\n',
      'one.conf': '[DEFAULT]\none = 1\nx = one\n',
      'one.local': '[DEFAULT]\none = 1.local\n',
      'sub/two.conf': '[INCLUDES]\nbefore = four.conf\n[DEFAULT]\ntwo = %(four)s\n',
      'sub/four.conf': '[DEFAULT]\nfour = 4\n',
      'three.conf': '[DEFAULT]\ny = three\nz = 3\n[sshd]\nown = three\n',
    },
  ],
  [
    'includes that go in circles, or name themselves',
    {
      'jail.conf': '[INCLUDES]\nbefore = a.conf\n[sshd]\nx = %(a)s %(b)s\n',
      'a.conf': '[INCLUDES]\nbefore = b.conf\n         a.conf\n[DEFAULT]\na = 1\n',
      'b.conf': '[INCLUDES]\nafter = a.conf\n[DEFAULT]\nb = 2\na = from b\n',
    },
  ],
  [
    'an include whose name is filled in',
    {
      'jail.conf': '[DEFAULT]\nsystem = debian\n[INCLUDES]\nbefore = paths-%(system)s.conf\n[sshd]\nx = 1\n',
      'paths-debian.conf': '[sshd]\nx = 0\ny = debian\n',
    },
  ],
  [
    'known values',
    {
      'jail.conf':
        '[DEFAULT]\nfallback = default\nbanaction = drop\n[sshd]\nport = ssh\naction = one\nself = %(known/self)s\n',
      'jail.d/a.conf': '[sshd]\nport = %(known/port)s,2222\n',
      'jail.local':
        '[sshd]\naction = %(known/action)s\n  two\nother = %(known/fallback)s\nnone = %(known/nothing)s\n',
      'jail.d/z.local': '[DEFAULT]\nbanaction = %(known/banaction)s-2\n',
    },
  ],
  [
    'values of other sections and of the defaults',
    {
      'jail.conf':
        '[DEFAULT]\nport = 0\nx = %(Nowhere/port)s\n[sshd]\nport = 22\na = %(web/port)s %(default/port)s %(web/missing)s\nb = %(web/bad)s\nc = %(DEFAULT/port)s\nd = %(web/Port)s\n[web]\nport = 80\nbad = %(nope)s\nmissing2 = %(sshd/port)s-%(__name__)s\n',
    },
  ],
  [
    'names, percent signs and mistakes in them',
    {
      'jail.conf':
        '[DEFAULT]\nfilter = %(__name__)s\nbad1 = 100%\nbad2 = %(x\nbad3 = %(missing)s\nbad4 = %s\nok = 100%% %(FILTER)s\n[sshd]\nlog = /var/log/%(filter)s.log\n[my jail]\nx = 1\n',
    },
  ],
  [
    'values that refer to each other',
    {
      'jail.conf':
        '[DEFAULT]\na = %(b)s\nb = %(a)s\nself = %(self)s\nc0 = end\nc1 = %(c0)s\nc2 = %(c1)s\nc3 = %(c2)s\nc4 = %(c3)s\nc5 = %(c4)s\nc6 = %(c5)s\nc7 = %(c6)s\nc8 = %(c7)s\nc9 = %(c8)s\nc10 = %(c9)s\nc11 = %(c10)s\n[sshd]\nx = %(c9)s\n',
    },
  ],
  [
    'inline comments, many lines and conditional sections',
    {
      'jail.conf':
        '[sshd]\nlogpath = /var/log/a ; first\n   # not this\n   /var/log/b;c\n\n   /var/log/d\nenabled = yes ; on\n[sshd?family=inet6]\nport = 6\n',
      'jail.local': '[sshd?family=inet6]\nport = 66\n[sshd]\nfailregex = ^a\n            ^b # kept\n',
    },
  ],
]

describe('reading a configuration', () => {
  it.each(cases)('has what fail2ban has: %s', async (_, files) => {
    await using folder = await createFolder(files)
    const expected = await readWithFail2ban(folder.path)
    expect(Object.keys(expected).length).toBeGreaterThan(0)
    expect(await readAll(folder.path)).toEqual(expected)
  })

  it('has what fail2ban has for every option of every jail that the distribution ships', async () => {
    await using folder = await createFolder({})
    await cp('/etc/fail2ban', folder.path, { recursive: true })
    const expected = await readWithFail2ban(folder.path)
    expect(Object.keys(expected).length).toBeGreaterThan(80)
    expect(await readAll(folder.path)).toEqual(expected)
  })

  it('knows the file and line that decide a value', async () => {
    await using folder = await createFolder({
      'jail.conf':
        '[INCLUDES]\nbefore = paths.conf\n[DEFAULT]\nbantime = 1h\n[sshd]\nport = ssh\nlogpath = %(log)s\n',
      'paths.conf': '[DEFAULT]\n\nlog = /var/log/auth.log\n',
      'jail.local': '# mine\n\n[sshd]\nport = 22\n',
    })
    const { jail } = await readFail2banConfig(folder.path)
    const at = (key: string) => interpolate(jail, 'sshd', key)
    expect(at('port')).toMatchObject({ file: join(folder.path, 'jail.local'), line: 4, value: '22' })
    expect(at('bantime')).toMatchObject({ file: join(folder.path, 'jail.conf'), line: 4 })
    expect(at('logpath')).toMatchObject({
      file: join(folder.path, 'jail.conf'),
      line: 7,
      raw: '%(log)s',
      value: '/var/log/auth.log',
    })
    expect(at('log')).toMatchObject({ file: `${folder.path}/paths.conf`, line: 3 })
    expect(at('nothing')).toBeUndefined()
  })

  it('keeps what is wrong with a file as a problem, and hides no jail because of it', async () => {
    await using folder = await createFolder({
      'jail.conf': '[sshd]\nport = 22\nnonsense\n[web]\nport = 80\nport = 81\n',
      'jail.d/latin1.local': Buffer.from('[web]\nname = caf\xe9\n', 'latin1'),
      'jail.d/bom.conf': '\uFEFF[extra]\nx = 1\n',
    })
    await mkdir(join(folder.path, 'jail.d/folder.conf'))
    await symlink('/nowhere', join(folder.path, 'jail.d/dangling.conf'))
    const config = await readFail2banConfig(folder.path)
    expect([...config.jail.sections.keys()]).toEqual(['sshd', 'web', 'extra'])
    expect(
      config.problems.map(({ file, line, kind }) => [file.slice(folder.path.length + 1), line, kind]),
    ).toEqual([
      ['jail.conf', 3, 'syntax'],
      ['jail.conf', 6, 'syntax'],
      ['jail.d/bom.conf', 1, 'syntax'],
      ['jail.d/latin1.local', 2, 'encoding'],
    ])
  })

  it('bounds a value that grows without end', async () => {
    const lines = Array.from({ length: 9 }, (_, index) => `v${index + 1} = ${`%(v${index})s`.repeat(20)}`)
    await using folder = await createFolder({
      'jail.conf': `[DEFAULT]\nv0 = aaaaaaaa\n${lines.join('\n')}\n[sshd]\nx = 1\n`,
    })
    const { jail } = await readFail2banConfig(folder.path)
    expect(interpolate(jail, 'sshd', 'v9')?.problem).toContain('too long after substitution')
    expect(interpolate(jail, 'sshd', 'v3')?.problem).toBeNull()
  })

  it('bounds includes that get deeper and deeper', async () => {
    await using folder = await createFolder({
      'jail.conf': '[INCLUDES]\nbefore = sub/../jail.conf\n[sshd]\nx = 1\n',
      'sub/x': '',
    })
    const config = await readFail2banConfig(folder.path)
    expect(config.jail.sections.has('sshd')).toBe(true)
    expect(config.problems.map(({ message }) => message)).toEqual([expect.stringContaining('levels deep')])
  })

  it('reads no pipe and no device', async () => {
    await using folder = await createFolder({
      'jail.conf': '[INCLUDES]\nbefore = /dev/zero\n         /dev/stdin\n[sshd]\nx = 1\n',
    })
    expect((await readFail2banConfig(folder.path)).jail.files).toEqual([join(folder.path, 'jail.conf')])
  })

  it.each([
    ['a missing folder', async (path: string) => join(path, 'none'), 'does not exist'],
    ['a file', async (path: string) => join(path, 'file'), 'is not a folder'],
    ['a folder without jails', async (path: string) => path, 'has no jail.conf'],
  ])('says in a sentence what to do about %s', async (_, locate, text) => {
    await using folder = await createFolder({ file: '' })
    const read = readFail2banConfig(await locate(folder.path))
    await expect(read).rejects.toThrow(ConfigUnreadableError)
    await expect(read).rejects.toThrow(text)
  })

  it('reads the settings of fail2ban itself the same way', async () => {
    await using folder = await createFolder({
      'jail.conf': '[sshd]\nx = 1\n',
      'fail2ban.conf': '[Definition]\nsocket = %(run)s/f.sock\nrun = /run/f\n',
      'fail2ban.d/a.local': '[Definition]\npidfile = %(run)s/f.pid\n',
    })
    const config = await readFail2banConfig(folder.path)
    expect(daemonOption(config, 'socket')).toBe('/run/f/f.sock')
    expect(daemonOption(config, 'pidfile')).toBe('/run/f/f.pid')
    expect(daemonOption(config, 'logtarget')).toBe('/var/log/fail2ban.log')
  })
})
