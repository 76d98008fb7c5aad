import { describe, expect, it } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { findFail2banVersions } from '../testing.ts'
import { jailWithoutLog, messagesOf, placeIn, refusalsOf, refusedJail } from './client-messages.ts'
import { testConfig } from './test-config.ts'

const base = {
  'fail2ban.conf': '[Definition]\nlogtarget = STDERR\n',
  'filter.d/f.conf': '[Definition]\nfailregex = ^<HOST>\n',
  'jail.conf': '[DEFAULT]\nbackend = polling\nlogpath = /dev/null\nfilter = f\n[web]\nenabled = true\n',
}

describe.each(findFail2banVersions())('what fail2ban-client $version says', ({ binDir }) => {
  const tools = { client: binDir === undefined ? 'fail2ban-client' : `${binDir}/fail2ban-client` }

  it.each([
    ['a byte order mark', '\uFEFF[web]\nx = 1\n', 1],
    ['a setting before the first section', 'x = 1\n[web]\n', 1],
    ['a line that is no setting', '[web]\nx = 1\nnonsense\nmore\n', 3],
    ['a section that is there twice', '[web]\nx = 1\n[web]\ny = 1\n', 3],
    ['a setting that is there twice', '[web]\nx = 1\n\nx = 2\n', 4],
  ])('has the file and the line of %s', async (_, text, line) => {
    await using folder = await createFolder({ ...base, 'jail.d/x.local': text })
    const { refusals } = await testConfig({ path: folder.path, configDir: '/etc/live' }, tools)
    expect(refusals).toHaveLength(1)
    expect(refusals[0]?.reason).toContain('/etc/live/jail.d/x.local')
    expect(placeIn(refusals[0]?.reason ?? '')).toEqual({ file: '/etc/live/jail.d/x.local', line })
  })

  const names = ['my jail', "it's", 'a, b', '"', 'jäil']

  it('names each jail that it leaves out', async () => {
    const jails = names.map((name) => `[${name}]\nenabled = true\nfilter = none\n`)
    await using folder = await createFolder({ ...base, 'jail.d/x.local': jails.join('') })
    const { refusals } = await testConfig({ path: folder.path, configDir: folder.path }, tools)
    const reason: unknown = expect.stringContaining("the filter 'none'")
    expect(refusals).toEqual(names.map((jail) => ({ jail, reason })))
  })

  it.each(names)('names the jail %j for which it refuses all', async (name) => {
    const jail = `[${name}]\nenabled = true\nlogpath = /dev/null/none\n`
    await using folder = await createFolder({ ...base, 'jail.d/x.local': jail })
    const test = await testConfig({ path: folder.path, configDir: folder.path }, tools)
    expect(test.refusals).toMatchObject([{ jail: name }])
    await folder.write('jail.d/x.local', `[${name}]\nenabled = true\nlogpath = %(nothing)s\n`)
    const other = await testConfig({ path: folder.path, configDir: folder.path }, tools)
    expect(other.refusals).toMatchObject([{ jail: name }])
  })
})

describe('messages of fail2ban-client', () => {
  it('keep the lines that belong to them', () => {
    const output = 'ERROR   one\n  two\n\tthree\nWARNING four\nERROR: five\nsix\n'
    expect(messagesOf(output)).toEqual([
      { level: 'ERROR', text: 'one\n  two\n\tthree' },
      { level: 'WARNING', text: 'four' },
      { level: 'ERROR', text: 'five\nsix' },
    ])
    expect(refusalsOf(output).map(({ reason }) => reason)).toEqual(['one\n  two\n\tthree', 'five\nsix'])
  })

  it('name no jail where they name another section, or none', () => {
    expect(refusedJail("option 'x' in section 'DEFAULT' already exists")).toBeNull()
    expect(refusedJail("option 'x' in section: 'web'")).toBe('web')
    expect(refusedJail('No closing quotation')).toBeNull()
    expect(
      jailWithoutLog("Have not found any log file for 'a' jail. Jail will monitor systemd journal."),
    ).toBe(undefined)
    expect(placeIn('No closing quotation')).toBeUndefined()
  })
})
