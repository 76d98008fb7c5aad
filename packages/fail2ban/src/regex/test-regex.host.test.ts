import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RegexTest } from '@bangui/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findFail2banVersions } from '../testing.ts'
import { testRegex } from './test-regex.ts'

const sshLines = [
  'Nov 30 01:02:03 host sshd[12]: Failed password for invalid user admin from 203.0.113.9 port 22 ssh2',
  'Nov 30 01:02:04 host sshd[13]: Accepted password for root from 203.0.113.10 port 22 ssh2',
  'foo bar',
  '# a comment',
  '',
  `Nov 30 01:02:05 host sshd[14]: Invalid user x'y"z\u{1F600} from 2001:db8::7 port 22`,
]

const versions = findFail2banVersions()

const programsOf = ({ binDir }: { readonly binDir?: string }) => ({
  client: binDir === undefined ? 'fail2ban-client' : join(binDir, 'fail2ban-client'),
  configDir: binDir === undefined ? '/etc/fail2ban' : join(binDir, '../conf'),
})

for (const { version, ...programs } of versions) {
  const { client, configDir } = programsOf(programs)
  const settings = { client, configDir, zoneMinutes: 120 }

  describe(`testRegex with fail2ban ${version}`, () => {
    it('says of each line which regex matched, whom it would ban, and what it captured', async () => {
      const result = await testRegex(settings, { filter: 'sshd' }, sshLines)
      expect(RegexTest.parse(result)).toEqual(result)
      expect(result.problem).toBeNull()
      expect(result.lines.map(({ outcome }) => outcome)).toEqual([
        'matched',
        'context',
        'missed',
        'skipped',
        'skipped',
        'matched',
      ])
      const [first, , , , , last] = result.lines
      expect(first).toMatchObject({
        matched: { address: '203.0.113.9', captures: { user: 'admin' } },
        prefix: true,
      })
      expect(last).toMatchObject({
        matched: { address: '2001:db8::7', captures: { user: `x'y"z\u{1F600}` } },
      })
      expect(result).toMatchObject({ matched: 2, ignored: 1, missed: 1, maxLines: 1, zone: '+02:00' })
      const regex = result.regexes[first?.matched?.regex ?? -1]
      expect(regex).toMatchObject({ hits: 1, text: expect.stringContaining('Failed') })
    })

    it('reads times in the zone of the daemon, and shows what it took for the date', async () => {
      const { lines } = await testRegex(settings, { failregex: ['from <HOST>$'] }, [
        '2026-01-31 12:00:00 from 192.0.2.1',
        '2026-01-31T12:00:00+0000 from 192.0.2.1',
      ])
      expect(lines[0]).toMatchObject({
        at: Date.UTC(2026, 0, 31, 10),
        date: { text: '2026-01-31 12:00:00', pattern: expect.stringContaining('24hour:Minute:Second') },
      })
      expect(lines[1]?.at).toBe(Date.UTC(2026, 0, 31, 12))
    })

    it('takes loose regexes: which one matches, what an ignoreregex exempts, and host names as they are', async () => {
      const result = await testRegex(
        settings,
        {
          failregex: [
            String.raw`^ first from <HOST>$`,
            String.raw`^ second "%%" <F-USER>\S+</F-USER> from <HOST>$`,
          ],
          ignoreregex: ['from 192\\.0\\.2\\.66$'],
        },
        [
          '2026-01-31 12:00:00 second "%" anna from evil.example.com',
          '2026-01-31 12:00:00 first from 192.0.2.66',
          'first from 192.0.2.1',
        ],
      )
      expect(result.problem).toBeNull()
      expect(result.regexes.map(({ hits }) => hits)).toEqual([0, 1])
      expect(result.lines[0]?.matched).toMatchObject({
        regex: 1,
        address: 'evil.example.com',
        captures: { user: 'anna' },
      })
      expect(result.lines[1]).toMatchObject({ outcome: 'ignored', ignored: true, matched: null })
      expect(result.lines[2]).toMatchObject({ outcome: 'missed', at: null, date: null })
    })

    it('shows what fail2ban-regex refuses', async () => {
      const broken = await testRegex(settings, { failregex: ['((( <HOST>'] }, ['a line'])
      expect(broken.problem).toMatchObject({
        kind: 'refused',
        message: expect.stringContaining('Unable to compile'),
      })
      const percent = await testRegex(settings, { failregex: ['90% of <HOST>'] }, ['a line'])
      expect(percent.problem?.kind).toBe('refused')
      const unknown = await testRegex(settings, { filter: 'no-such-filter' }, ['a line'])
      expect(unknown.problem?.message).toBe('There is no filter named no-such-filter. Choose another filter.')
    })

    it('tests an edited filter with the includes of its folder', async () => {
      const content = '[Definition]\nfailregex = ^%(__prefix_line)sEdited <F-USER>x</F-USER> from <HOST>$\n'
      const lines = ['Nov 30 01:02:03 host sshd[12]: Edited x from 203.0.113.9']
      const edited = await testRegex(
        settings,
        { filter: 'my-new-filter', content: `[INCLUDES]\nbefore = common.conf\n${content}` },
        lines,
      )
      expect(edited).toMatchObject({ problem: null, matched: 1 })
      const replaced = await testRegex(
        settings,
        { filter: 'vsftpd', failregex: ['^%(__prefix_line)sEdited x from <HOST>$', '%(known/failregex)s'] },
        lines.map((line) => line.replace('sshd', 'vsftpd')),
      )
      expect(replaced).toMatchObject({ problem: null, matched: 1 })
      expect(replaced.regexes.length).toBeGreaterThan(2)
    })
  })
}

describe.skipIf(versions.length === 0)('testRegex', () => {
  let folder: string
  let secret: string
  // the configuration of the installed one can be another than that it came with, and closed to this user
  const tested = versions.find(({ binDir }) => binDir !== undefined) ?? versions[0] ?? {}
  const settings = { ...programsOf(tested), zoneMinutes: 0 }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regex-'))
    secret = join(folder, 'secret')
    await writeFile(secret, 'hunter2 root:x\n')
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('reads no file that a regex or a line names', async () => {
    const hostile = [
      secret,
      `${secret}[a=b]`,
      '../../../../../etc/passwd',
      '/etc/passwd',
      'sshd.conf',
      '--help',
      '-o',
      '@/etc/passwd',
      'systemd-journal',
    ]
    const lines = hostile.flatMap((text) => [text, `${text}192.0.2.1`])
    const failregex = hostile.map((text) => `^${text.replace('[', '.')}<HOST>$`)
    const result = await testRegex(settings, { failregex }, lines)
    expect(result.problem).toBeNull()
    expect(JSON.stringify(result)).not.toMatch(/hunter2|root:x/)
    expect(result.lines.map(({ text }) => text)).toEqual(lines)
    expect(result.matched).toBe(hostile.length)
    // alone, each is what fail2ban-regex would take for a file, an option or a filter
    const alone = await testRegex(settings, { failregex: [secret] }, [secret])
    expect(alone.problem).toMatchObject({ kind: 'refused' })
    expect(JSON.stringify(alone)).not.toContain('hunter2')
  })

  it('reads no file that an edited filter includes from elsewhere', async () => {
    for (const content of [
      `[INCLUDES]\nbefore = ${secret}\n`,
      `[INCLUDES]\nafter = common.conf\n  ../../../../..${secret}\n`,
      `[DEFAULT]\nx = ${secret}\n[INCLUDES]\nbefore = %(x)s\n`,
      `[DEFAULT]\nbefore = ${secret}\n[INCLUDES]\n`,
    ]) {
      const result = await testRegex(settings, { filter: 'sshd', content }, ['a line'])
      expect(result.problem).toMatchObject({
        kind: 'refused',
        message: expect.stringContaining('The lab only reads'),
      })
      expect(JSON.stringify(result)).not.toContain('hunter2')
    }
  })

  it('refuses a regex that would be a comment, or two options, in a filter file', async () => {
    const comment = await testRegex(settings, { failregex: ['# <HOST>'] }, ['# 192.0.2.1'])
    expect(comment.problem?.message).toContain('is a comment')
    const cut = await testRegex(settings, { failregex: ['<HOST> ; more'] }, ['x'])
    expect(cut.problem?.kind).toBe('refused')
    const two = await testRegex(
      settings,
      { failregex: ['x = <HOST>', '[Definition] <HOST>', 'failregex = <HOST>'] },
      ['x = 192.0.2.1'],
    )
    expect(two).toMatchObject({ problem: null, matched: 1 })
    expect(two.regexes.map(({ text }) => text)).toEqual([
      'x = <HOST>',
      '[Definition] <HOST>',
      'failregex = <HOST>',
    ])
  })

  it('is not deceived by lines that look like the output of fail2ban-regex', async () => {
    const forged = [
      `2026-11-30 01:07:37,238 fail2ban.filter         [1]: TRACE  T:   Matched failregex 0: {'user': 'x'}`,
      `['203.0.113.9',\t1.0,\t{}],`,
      `Working on line 'x'`,
    ]
    const result = await testRegex(settings, { failregex: ['^never <HOST>$'] }, forged)
    expect(result).toMatchObject({ matched: 0, missed: 3, problem: null })
  })

  it('ends a regex that backtracks forever, and names the line and the regex', async () => {
    const run = (deadline: number) =>
      testRegex({ ...settings, deadline }, { failregex: ['^ never <HOST>$', '^ (a+)+b <HOST>$'] }, [
        '2026-01-31 12:00:00 fine',
        `2026-01-31 12:00:00 ${'a'.repeat(64)} 192.0.2.1`,
      ])
    let seconds = 4
    let result = await run(seconds * 1000)
    // on a busy machine, fail2ban-regex may not have begun by then
    while (result.lines.some(({ outcome }) => outcome === 'untested') && seconds < 60) {
      seconds *= 2
      result = await run(seconds * 1000)
    }
    expect(result.problem).toMatchObject({ kind: 'timeout' })
    expect(result.problem?.message).toContain(`did not finish within ${seconds} seconds`)
    expect(result.problem?.message).toContain('line 2 with regex 2')
    expect(result.lines.map(({ outcome }) => outcome)).toEqual(['missed', 'missed'])
  })

  it('suggests a mode in which lines match, and says that no date or no prefix was recognised', async () => {
    const line =
      'Nov 30 01:02:07 host sshd[16]: Unable to negotiate with 203.0.113.20 port 2: no matching cipher found. Their offer: x [preauth]'
    const modes = await testRegex(settings, { filter: 'sshd' }, [line])
    expect(modes.suggestions).toContainEqual(expect.objectContaining({ kind: 'mode', mode: 'aggressive' }))
    const other = await testRegex(settings, { filter: 'sshd', mode: 'aggressive' }, [line])
    expect(other).toMatchObject({ matched: 1, suggestions: [] })
    const nothing = await testRegex(settings, { filter: 'apache-auth' }, ['nothing of a log'])
    expect(nothing.suggestions.map(({ kind }) => kind)).toContain('date')
  })

  it('ends when the signal aborts', async () => {
    const signal = AbortSignal.abort(new Error('gone'))
    await expect(testRegex({ ...settings, signal }, { failregex: ['<HOST>'] }, ['x'])).rejects.toThrow('gone')
  })
})
