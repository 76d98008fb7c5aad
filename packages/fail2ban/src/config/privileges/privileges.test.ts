import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Edit } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { createFolder } from '../../../test/fail2ban-reader.ts'
import { editIn, planIn, setIn } from '../../../test/planned-edits.ts'
import { file, inDefault, needsOf, payloads, privilegeConfig } from '../../../test/privilege-config.ts'
import { knownFormulas } from '../catalogue/grammars.ts'
import { emptyDraft } from '../draft.ts'
import { planEdits } from '../plan-edits.ts'
import { readFail2banConfig } from '../read-config.ts'

const inFail2ban = (key: string, value: string): Edit => ({ kind: 'set', scope: 'fail2ban', key, value })

const keptIgnores = {
  'jail.local':
    '[DEFAULT]\nmine = 192.0.2.4\n[web]\nignoreip = 192.0.2.1 file:/etc/ips 0.0.0.0/0\n  %(mine)s\n',
}

describe('at the level of jails', () => {
  it.each<[Edit]>([
    [setIn('web', 'enabled', 'true')],
    [setIn('web', 'port', 'ssh,2222,8000:8010')],
    [setIn('web', 'protocol', 'tcp,udp')],
    [setIn('web', 'chain', 'DOCKER-USER')],
    [setIn('web', 'destemail', 'root+f2b@example.com')],
    [setIn('web', 'bantime', '1d 12h')],
    [setIn('web', 'bantime', '-1')],
    [setIn('web', 'bantime.factor', '1.5')],
    [setIn('web', 'bantime.multipliers', '1 2 4 8')],
    [setIn('web', 'maxretry', '3')],
    [setIn('web', 'ignoreip', '192.0.2.1 2001:db8::/32\nexample.com %(known/ignoreip)s')],
    [setIn('web', 'ignorecache', 'key="<ip>", max-count=100, max-time=5m')],
    [setIn('web', 'logpath', '/var/log/syslog\n/var/log/*.none tail')],
    [setIn('web', 'filter', 'mail[mode=aggressive, x="a-b"]')],
    [setIn('web', 'backend', 'systemd')],
    [setIn('web', 'failregex', '^$(x) `y` <HOST> %%')],
    [setIn('web', 'datepattern', '%%Y')],
    [setIn('web', 'journalmatch', '_SYSTEMD_UNIT=nginx.service + _COMM=nginx')],
    [setIn('web', 'usedns', 'no')],
    [setIn('web', 'logtimezone', 'UTC+0200')],
    [setIn('web', 'port', null)],
    [setIn('web', 'banaction', 'ufw')],
    [inDefault('banaction', 'ufw')],
    [inDefault('banaction_allports', 'ufw')],
    [file('jail.local', '[mail]\nbanaction = ufw\nport = 22\n')],
    ...knownFormulas.map((formula): [Edit] => [setIn('web', 'bantime.formula', formula)]),
    [inDefault('port', '22')],
    [inDefault('maxretry', '9')],
    [inFail2ban('loglevel', 'DEBUG')],
    [inFail2ban('dbpurgeage', '7d')],
    [inFail2ban('dbmaxmatches', '5')],
    [inFail2ban('allowipv6', 'no')],
    [
      file(
        'jail.local',
        '# a note\n[web]\nport = 22\nmaxretry = 1\n[new-jail]\nenabled = true\nfilter = web\n',
      ),
    ],
    [file('filter.d/web.local', '[Definition]\n_x = $(y)\nfailregex = ^%(_x)s <HOST>$\n')],
    [{ kind: 'create', scope: 'jail', name: 'copy', from: 'mail' }],
    [{ kind: 'create', scope: 'filter', name: 'copy', from: 'mail' }],
  ])('%j is allowed', async (edit) => {
    expect(await needsOf([edit])).toBe('nothing')
  })

  const guarded = [
    'port',
    'protocol',
    'chain',
    'destemail',
    'sender',
    'bantime',
    'bantime.factor',
    'ignorecache',
    'backend',
  ]
  it.each(guarded.flatMap((key) => payloads.map((payload) => [key, payload] as const)))(
    '%s = %j is not',
    async (key, payload) => {
      await using folder = await createFolder({ ...privilegeConfig, 'jail.d/x.local': '[web]\n[DEFAULT]\n' })
      const text = payload.replaceAll('\n', '\n  ')
      const edits: Edit[][] = [
        [setIn('web', key, payload)],
        [inDefault(key, payload)],
        [file('jail.local', `[mail]\n${key} = ${text}\n`)],
        [file('jail.d/x.local', `[DEFAULT]\n${key.toUpperCase()}:${text}\n[web]\n`)],
      ]
      for (const each of edits) await expect(planIn(folder.path, each)).rejects.toThrow()
    },
  )

  it.each<[string, Edit[], Record<string, string>?]>([
    ['all', [setIn('web', 'action', 'noop[actionban="touch x"]')]],
    ['all', [setIn('web', 'action', '../../evil.py')]],
    ['all', [setIn('web', 'banaction', 'noop[actionban="touch x"]')]],
    ['all', [setIn('web', 'banaction', '../../evil')]],
    ['all', [setIn('web', 'banaction', 'log')]],
    ['all', [setIn('web', 'banaction', 'route')]],
    ['all', [setIn('web', 'banaction', 'UFW')]],
    ['all', [setIn('web', 'banaction', 'ufw[port=1]')]],
    ['all', [setIn('web', 'banaction', 'ufw\nlog')]],
    ['all', [setIn('web', 'banaction', 'ufw'), setIn('mail', 'datepattern', '$(touch x)')]],
    ['all', [setIn('web', 'banaction', 'ufw'), setIn('web', 'action_', 'ufw')]],
    ['all', [setIn('web', 'bantime.formula', `${knownFormulas[0]} + 1`)]],
    ['all', [inDefault('banaction_allports', '../../evil')]],
    ['all', [inDefault('mta', '../../evil')]],
    ['all', [inDefault('action_', 'noop[actionban="touch x"]')]],
    ['all', [inDefault('action_mwl', 'x')]],
    ['all', [inDefault('my_own', 'x')]],
    ['all', [setIn('web', 'ignorecommand', 'touch x')]],
    ['all', [setIn('web', 'bantime.formula', '__import__("os")')]],
    ['all', [setIn('web', 'logpath', '/etc/shadow')]],
    ['all', [setIn('web', 'logpath', '/var/log/../../etc/shadow')]],
    ['all', [setIn('web', 'logpath', '/var/log/a b tail')]],
    ['all', [setIn('web', 'filter', '../../evilf')]],
    ['all', [setIn('web', 'filter', 'nowhere')]],
    ['all', [setIn('web', 'filter', 'web[x="$(touch x)"]')]],
    ['all', [setIn('web', 'backend', 'systemd[journalpath=/x]')]],
    ['all', [setIn('web', 'ignoreip', 'file:/etc/shadow')]],
    ['all', [setIn('web', 'ignoreip', '0.0.0.0/0')]],
    ['all', [setIn('web', 'maxretry', '%(x)s')]],
    ['all', [setIn('web', 'logencoding', '$(touch x)')]],
    ['all', [setIn('web', 'bantime.multipliers', '1 $(touch x)')]],
    ['all', [{ kind: 'create', scope: 'action', name: 'mine' }]],
    ['all', [{ kind: 'create', scope: 'action', name: 'mine', from: 'noop' }]],
    ['all', [{ kind: 'set', scope: 'action', name: 'noop', key: 'actionban', value: 'touch x' }]],
    ['all', [{ kind: 'set', scope: 'action', name: 'noop', section: 'Init', key: 'port', value: '22' }]],
    ['all', [file('action.d/noop.local', '[Definition]\nactionban = touch x\n')]],
    ['all', [file('action.d/mine.local', '[Definition]\n')]],
    ['all', [file('action.d/old.local', null)], { 'action.d/old.local': '[Definition]\nactionban = x\n' }],
    ['all', [file('filter.d/web.local', '[INCLUDES]\nafter = /tmp/x\n')]],
    ['all', [file('filter.d/web.local', '[web]\naction = x\n')]],
    ['all', [{ kind: 'set', scope: 'filter', name: 'web', section: 'INCLUDES', key: 'before', value: '/x' }]],
    [
      'all',
      [file('filter.d/own.local', '[DEFAULT]\nafter = /etc/shadow\n[INCLUDES]\n')],
      { 'filter.d/own.local': '[INCLUDES]\n' },
    ],
    [
      'all',
      [file('filter.d/own.local', '[DEFAULT]\ndir = /etc\n[INCLUDES]\nbefore = %(dir)s/x.conf\n')],
      { 'filter.d/own.local': '[DEFAULT]\ndir = .\n[INCLUDES]\nbefore = %(dir)s/x.conf\n' },
    ],
    ['all', [file('jail.local', '[INCLUDES]\nafter = /tmp/x\n')]],
    [
      'jail.local, line 3: The section [web] occurs twice in this file.',
      [file('jail.local', '[web]\nport = 1\n[web]\naction = x\n')],
    ],
    [
      'jail.local, line 3: port is set twice in [web] of this file.',
      [file('jail.local', '[web]\nport = 1\nPort = 2\n')],
    ],
    [
      'jail.local, line 1: There is a setting before the first [section].',
      [file('jail.local', 'port = 1\n')],
    ],
    ['all', [file('jail.local', '[web]\nAction: x\n')]],
    ['all', [file('fail2ban.local', '[DEFAULT]\nx = 1\n')]],
    ['all', [inFail2ban('logtarget', '/etc/passwd')]],
    ['all', [inFail2ban('dbfile', '/etc/passwd')]],
    ['all', [inFail2ban('syslogsocket', '/x')]],
    ['all', [{ ...inFail2ban('stacksize', '64'), section: 'Thread' } as Edit]],
    ['all', [inFail2ban('loglevel', '%(x)s')]],
    // files and references of an ignore list may stay, and nothing else that was there
    ['nothing', [setIn('web', 'ignoreip', '192.0.2.9 %(mine)s file:/etc/ips')], keptIgnores],
    ['nothing', [setIn('web', 'ignoreip', '')], keptIgnores],
    ['all', [setIn('web', 'ignoreip', 'file:/etc/shadow %(mine)s')], keptIgnores],
    ['all', [setIn('web', 'ignoreip', '%(other)s')], keptIgnores],
    ['all', [setIn('mail', 'ignoreip', 'file:/etc/ips')], keptIgnores],
    ['all', [setIn('web', 'ignoreip', '192.0.2.9 0.0.0.0/0')], keptIgnores],
    ['never', [inFail2ban('socket', '/etc/passwd')]],
    ['never', [inFail2ban('pidfile', '/etc/passwd')]],
    ['never', [file('fail2ban.d/x.local', '[DEFAULT]\nSocket = /etc/passwd\n')]],
  ])('needs %s: %j', async (needs, edits, files) => {
    expect(await needsOf(edits, files)).toBe(needs)
  })

  it.each<[string, Edit[]]>([
    ['[j$(touch x)]', [file('jail.local', '[j$(touch x)]\nenabled = true\n')]],
    ['[-x]', [file('jail.local', '[-x]\n')]],
    ['[web?x=1]', [file('jail.local', '[web?x=1]\nport = 2\n')]],
    ['[KNOWN/web]', [file('jail.local', '[KNOWN/web]\nport = 2\n')]],
  ])('no jail is named %s, whatever the level', async (_, edits) => {
    await using folder = await createFolder(privilegeConfig)
    for (const level of ['jails', 'all'] as const)
      await expect(planIn(folder.path, edits, { level })).rejects.toThrow(/name of a new jail/)
  })

  it('a free text is refused where an action of the jail names it, by %(x)s or <x>', async () => {
    expect(await needsOf([setIn('mail', 'datepattern', '$(touch x)')])).toBe('all')
    expect(await needsOf([inDefault('journalmatch', '_COMM=$(touch x)')])).toBe('all')
    expect(await needsOf([setIn('mail', 'maxretry', '7')])).toBe('nothing')
    const logs = { 'jail.local': '[mail]\naction = log[what="%(logpath)s"]\n' }
    expect(await needsOf([setIn('mail', 'logpath', '/var/log/a')], logs)).toBe('nothing')
    expect(await needsOf([setIn('mail', 'logpath', '/var/log/a\n/var/log/b')], logs)).toBe('all')
    expect(
      await needsOf([setIn('mail', 'logpath', '/var/log/a')], {
        'jail.local': '[web]\nlogpath = %(mail/logpath)s\n',
      }),
    ).toBe('nothing')
    const files = {
      'filter.d/mail.conf': '[Definition]\nfailregex = x\n',
      'jail.local': '[mail]\nignorecommand = x %(known/failregex)s\n',
    }
    expect(
      await needsOf([file('filter.d/mail.local', '[Definition]\nfailregex = $(touch x)\n')], files),
    ).toBe('all')
    expect(await needsOf([file('filter.d/web.local', '[Definition]\nfailregex = $(touch x)\n')], files)).toBe(
      'nothing',
    )
    const named = { 'jail.local': '[mail]\nignorecommand = check %(port)s\nbantime.formula = %(maxretry)s\n' }
    expect(await needsOf([setIn('mail', 'port', '22')], named)).toBe('all')
    expect(await needsOf([setIn('mail', 'maxretry', '22')], named)).toBe('all')
    const choice = { 'jail.local': '[mail]\naction = %(destemail)s\ndestemail = noop\n' }
    expect(await needsOf([setIn('mail', 'destemail', 'log')], choice)).toBe('all')
  })

  it('an override by a listed action is removed again, and one that hides another action is not', async () => {
    const chosen = { 'jail.local': '[DEFAULT]\nbanaction = ufw\n[web]\nbanaction = noop\n' }
    expect(await needsOf([setIn('web', 'banaction', null)], chosen)).toBe('nothing')
    const hidden = { 'jail.local': '[web]\nbanaction = ufw\n' }
    expect(await needsOf([setIn('web', 'banaction', null)], hidden)).toBe('all')
  })

  it('a text that has the privileged options of before is allowed, and one without them is not', async () => {
    const before = '[web]\naction = noop\nport = 22\n'
    const files = { 'jail.local': before }
    expect(await needsOf([file('jail.local', before.replace('22', '23'))], files)).toBe('nothing')
    expect(await needsOf([file('jail.local', '[web]\nport = 22\n')], files)).toBe('all')
    expect(await needsOf([setIn('web', 'action', null)], files)).toBe('all')
  })

  it('a log may lie in the allowed folders by its real path, and may be no link, pipe or folder', async () => {
    await using logs = await createFolder({ 'app/a.log': '', 'elsewhere/x.log': '' })
    await symlink('/etc/passwd', join(logs.path, 'app/link.log'))
    await mkdir(join(logs.path, 'app/folder.log'))
    await symlink(join(logs.path, 'elsewhere'), join(logs.path, 'app/outside'))
    await using folder = await createFolder(privilegeConfig)
    const isAllowed = (path: string) =>
      planIn(folder.path, [setIn('web', 'logpath', path)], { logDirs: [join(logs.path, 'app')] }).then(
        () => true,
        () => false,
      )
    const app = join(logs.path, 'app')
    const paths = [
      'a.log',
      'none.log',
      'a*.log',
      'link.log',
      'folder.log',
      '*.log',
      'outside/x.log',
      '../elsewhere/x.log',
    ]
    expect(await Promise.all(paths.map((path) => isAllowed(join(app, path))))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ])
    // whoever owns a link can lead it elsewhere later
    await symlink(app, join(logs.path, 'elsewhere/back'))
    await symlink(app, join(logs.path, 'top'))
    expect(await isAllowed(join(logs.path, 'elsewhere/back/a.log'))).toBe(false)
    expect(await isAllowed(join(logs.path, 'top/a.log'))).toBe(false)
    expect(
      await planIn(folder.path, [setIn('web', 'logpath', join(logs.path, 'top/a.log'))], {
        logDirs: [join(logs.path, 'top')],
      }),
    ).toHaveLength(1)
    expect(await isAllowed('/dev/null')).toBe(true)
    expect(await isAllowed('/dev/zero')).toBe(false)
  })
})

describe('at the level of all', () => {
  it.each<[Edit]>([
    [setIn('web', 'action', 'noop[actionban="touch x"]')],
    [setIn('web', 'ignorecommand', 'touch x')],
    [inDefault('my_own', 'x')],
    [file('action.d/mine.local', '[Definition]\nactionban = touch x\n')],
    [file('jail.local', '[INCLUDES]\nafter = other.local\n')],
    [inFail2ban('logtarget', '/var/log/x')],
  ])('%j is allowed', async (edit) => {
    await using folder = await createFolder(privilegeConfig)
    expect(await planIn(folder.path, [edit], { level: 'all' })).toHaveLength(1)
  })

  it('the socket and the pidfile never change, by an include or a reference neither', async () => {
    await using folder = await createFolder({
      ...privilegeConfig,
      'fail2ban.conf': '[DEFAULT]\nrun = /run\n[Definition]\nsocket = %(run)s/x\npidfile = /run/y\n',
      'other.local': '[Definition]\nsocket = /etc/passwd\n',
    })
    const edits: Edit[] = [
      inFail2ban('socket', '/etc/passwd'),
      file('fail2ban.local', '[DEFAULT]\nrun = /etc\n'),
      file('fail2ban.d/x.local', '[INCLUDES]\nbefore = ../other.local\n'),
      file('fail2ban.local', '[Definition]\npidfile = /etc/passwd\n'),
    ]
    for (const edit of edits) {
      const error = await planIn(folder.path, [edit], { level: 'all' }).catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'config_not_allowed', params: { needs: 'never' } })
    }
  })
})

it('a version of fail2ban in the text of an action is no change', async () => {
  await using folder = await createFolder({
    ...privilegeConfig,
    'jail.local': '[web]\naction = log[what="Fail2Ban/%(fail2ban_version)s"]\n',
  })
  const draft = emptyDraft(await readFail2banConfig(folder.path, '1.1.0'), 'jails')
  expect(await planEdits(draft, [setIn('web', 'maxretry', '7')])).toHaveLength(1)
})

it('nothing is planned while the configuration is read-only', async () => {
  await using folder = await createFolder(privilegeConfig)
  await expect(editIn(folder.path, [setIn('web', 'port', '22')], { level: 'off' })).rejects.toThrow(
    /disabled/,
  )
})
