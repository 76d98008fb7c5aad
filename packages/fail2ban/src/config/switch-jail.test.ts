import { readFile, stat, symlink } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { ConfigUnwritableError, JailUnknownError } from '../errors.ts'
import { emptyDraft } from './draft.ts'
import { dumpConfig } from './dump-config.ts'
import { readFail2banConfig } from './read-config.ts'
import { rehearse } from './rehearse.ts'
import { stageConfig } from './stage.ts'
import { isEnabled, planSwitch, findShadowingSetting } from './switch-jail.ts'

const tools = { client: 'fail2ban-client' }

const base = {
  'fail2ban.conf': '[Definition]\nlogtarget = STDERR\n',
  'filter.d/f.conf': '[Definition]\nfailregex = ^<HOST>\n',
  'jail.conf':
    '[DEFAULT]\nlogpath = /dev/null\nfilter = f\nbackend = polling\n[web]\nenabled = false\n[mail]\nport = 25\n',
}

const HEADER = '# Written by BanGUI. Values in this file win over those in other files.\n'

async function plan(path: string, name: string, enabled: boolean) {
  const files = await planSwitch(emptyDraft(await readFail2banConfig(path), 'jails'), name, enabled)
  return files.map((file) => ({
    ...file,
    path: relative(path, file.path),
    before: file.before && Buffer.from(file.before).toString(),
  }))
}

describe('the plan to switch a jail', () => {
  it('makes a file of its own where no .local sets the jail', async () => {
    await using folder = await createFolder(base)
    expect(await plan(folder.path, 'web', true)).toEqual([
      { path: 'jail.d/zz-bangui.local', before: null, after: `${HEADER}\n[web]\nenabled = true\n` },
    ])
  })

  it('goes into the last .local that sets it, and changes that key alone', async () => {
    const mine = '# mine\n[web]\nport = 8080\nenabled = no ; for now\n\n[mail]\nx = 1\n'
    await using folder = await createFolder({
      ...base,
      'jail.local': '[web]\nenabled = no\n',
      'jail.d/a.local': mine,
      'jail.d/b.local': '[web]\nport = 1\n',
    })
    expect(await plan(folder.path, 'web', true)).toEqual([
      { path: 'jail.d/a.local', before: mine, after: mine.replace('no ;', 'yes ;') },
    ])
  })

  it.each([
    'enabled=true',
    'enabled = true',
    'enabled:true',
    'enabled\t=\ttrue  ; why',
    'ENABLED =yes',
    '  enabled= On',
    'enabled = 1\r',
    'enabled =   TRUE ;x',
  ])('leaves %j as it was when the jail is off and on again', async (line) => {
    const text = `# mine\n[web]\n${line}\nport = 80\n`
    await using folder = await createFolder({ ...base, 'jail.local': text })
    const [off] = await plan(folder.path, 'web', false)
    expect(off).toMatchObject({ path: 'jail.local', before: text })
    await folder.write('jail.local', off?.after ?? '')
    expect(isEnabled(await readFail2banConfig(folder.path), 'web')).toBe(false)
    expect(await plan(folder.path, 'web', true)).toMatchObject([{ path: 'jail.local', after: text }])
  })

  it('never writes a .conf, though that sets the jail later than all others', async () => {
    await using folder = await createFolder({ ...base, 'jail.d/zzz.conf': '[web]\nenabled = true\n' })
    expect((await plan(folder.path, 'web', false)).map(({ path }) => path)).toEqual([
      'jail.d/zz-bangui.local',
    ])
  })

  it('keeps what is in its own file already', async () => {
    const own = `${HEADER}\n[mail]\nenabled = true\n`
    await using folder = await createFolder({ ...base, 'jail.d/zz-bangui.local': own })
    expect(await plan(folder.path, 'web', true)).toEqual([
      { path: 'jail.d/zz-bangui.local', before: own, after: `${own}\n[web]\nenabled = true\n` },
    ])
  })

  it('is empty where nothing has to change', async () => {
    await using folder = await createFolder(base)
    expect(await plan(folder.path, 'web', false)).toEqual([])
  })

  it.each(['nosuch', 'INCLUDES', 'DEFAULT', '../web', 'web\n[evil]', '', 'a'.repeat(10_000)])(
    'refuses the name %#',
    async (name) => {
      await using folder = await createFolder({ ...base, 'jail.local': '[INCLUDES]\nbefore = x\n' })
      await expect(plan(folder.path, name, true)).rejects.toThrow(JailUnknownError)
    },
  )

  it('goes into its own file where the one that sets the jail is a link, and says why', async () => {
    await using outside = await createFolder({ 'jail.local': '[web]\nenabled = false\n' })
    await using folder = await createFolder(base)
    const link = join(folder.path, 'jail.local')
    await symlink(join(outside.path, 'jail.local'), link)
    expect(await plan(folder.path, 'web', true)).toEqual([
      {
        path: 'jail.d/zz-bangui.local',
        before: null,
        after: `${HEADER}\n[web]\nenabled = true\n`,
        skippedFiles: [
          `${link} is a link to ${outside.path}/jail.local. BanGUI does not write through links.`,
        ],
      },
    ])
  })

  it('goes into its own file where the one that sets the jail is larger than 1 MiB or has a name that is not plain', async () => {
    for (const name of ['jail.d/large.local', 'jail.d/my jails.local']) {
      const text = `[web]\nenabled = false\n${'# filler\n'.repeat(name.includes('large') ? 120_000 : 1)}`
      await using folder = await createFolder({ ...base, [name]: text })
      expect((await plan(folder.path, 'web', true)).map(({ path }) => path)).toEqual([
        'jail.d/zz-bangui.local',
      ])
    }
  })

  it('is refused where neither file can be written, with the reason of each', async () => {
    await using outside = await createFolder({ 'a.local': '[web]\nenabled = false\n' })
    await using folder = await createFolder(base)
    await symlink(outside.path, join(folder.path, 'jail.d'))
    const planning = plan(folder.path, 'web', true)
    await expect(planning).rejects.toThrow(ConfigUnwritableError)
    await expect(planning).rejects.toThrow('outside')
  })

  it('refuses a file of its name that is no UTF-8', async () => {
    await using folder = await createFolder({ ...base, 'jail.d/zz-bangui.local': Buffer.from([0xff]) })
    await expect(plan(folder.path, 'web', true)).rejects.toThrow('UTF-8')
  })

  it.each([
    ['web', true, {}],
    ['mail', true, { 'jail.local': '[mail]\r\nenabled=0\r\n' }],
    ['web', false, { 'jail.local': '[DEFAULT]\nenabled = true\n[web]\nenabled = yes\n' }],
    ['mail', false, { 'jail.local': '[DEFAULT]\nenabled = true\n' }],
  ] as const)('does in fail2ban what it says: %s to %s', async (name, enabled, files) => {
    await using folder = await createFolder({ ...base, ...files })
    await using staged = await stageConfig(folder.path)
    for (const { path, after } of await plan(folder.path, name, enabled)) await staged.write(path, after)
    const config = await readFail2banConfig(staged.path)
    expect(isEnabled(config, name)).toBe(enabled)
    expect(findShadowingSetting(config, { name, enabled }, folder.path)).toBeNull()
    const { stream } = await dumpConfig(staged, tools)
    expect(stream.some(([verb, jail]) => verb === 'start' && jail === name)).toBe(enabled)
    expect((await rehearse(staged, tools)).enabledJails.includes(name)).toBe(enabled)
  })

  it('names the file and line that still wins after it', async () => {
    await using folder = await createFolder({
      ...base,
      'jail.d/zzz.local': '# late\n[web]\nenabled = %(later)s\nlater = false\n',
      'jail.local': '',
    })
    await using staged = await stageConfig(folder.path)
    await staged.write('jail.d/zz-bangui.local', '[web]\nenabled = true\n')
    const config = await readFail2banConfig(staged.path)
    expect(findShadowingSetting(config, { name: 'web', enabled: true }, folder.path)).toBe(
      `BanGUI cannot enable web: ${folder.path}/jail.d/zzz.local, line 3, is read later and sets enabled = false. Change it there.`,
    )
  })

  it('leaves the folder as it was', async () => {
    await using folder = await createFolder({ ...base, 'jail.local': '[web]\nenabled = no\n' })
    await plan(folder.path, 'web', true)
    expect(await readFile(join(folder.path, 'jail.local'), 'utf8')).toBe('[web]\nenabled = no\n')
    await expect(stat(join(folder.path, 'jail.d'))).rejects.toThrow('ENOENT')
  })
})
