import { execFile } from 'node:child_process'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import { createPrivateDaemon } from '@bangui/fail2ban'
import type { JournalSource, RegexTest } from '@bangui/shared'
import { expect, it } from 'vitest'
import { hasJournald, startJournald } from './own-logger.ts'
import { eventually } from './eventually.ts'

interface Found {
  readonly journals: JournalSource[]
  readonly journalProblem: string | null
  readonly test: RegexTest
  readonly lines: string[]
}

const script = fileURLToPath(
  new URL('../../../packages/fail2ban/test/children/read-journal.ts', import.meta.url),
)

it.skipIf(!hasJournald)(
  'a jail can be tested on its entries of the journal, which can be followed',
  async () => {
    await using logger = await startJournald()
    await using daemon = await createPrivateDaemon()
    const matches = 'SYSLOG_IDENTIFIER=sshd + SYSLOG_IDENTIFIER=other'
    await appendFile(
      join(daemon.configDir, 'jail.conf'),
      `[journal]\nenabled = true\nbackend = systemd\nfilter =\njournalmatch = ${matches}\nfailregex = Failed login for <F-USER>\\S+</F-USER> from <HOST>$\n`,
    )
    // the first entries of a journal that has just begun can be lost
    await eventually(async () => {
      await logger.run('logger', '-t', 'sshd', 'Failed login for anna from 203.0.113.9')
      expect(await logger.run('journalctl', '--quiet', ...matches.split(' '))).toContain('for anna')
    })
    await logger.run('logger', '-t', 'other', 'nothing of note')
    await logger.run('logger', '-t', 'unseen', 'Failed login for ben from 203.0.113.10')
    await logger.run('journalctl', '--sync').catch(() => '')
    const [program, ...args] = logger.within([
      process.execPath,
      '--conditions=@bangui/source',
      script,
      daemon.socketPath,
      daemon.configDir,
      'fail2ban-client',
      matches,
      'written later',
    ])
    const running = promisify(execFile)(program, args, { cwd: '/' })
    const later = setInterval(
      () => void logger.run('logger', '-t', 'sshd', 'written later').catch(() => ''),
      500,
    )
    const { stdout } = await running.finally(() => clearInterval(later))
    const found = JSON.parse(stdout) as Found
    expect(found.journals).toEqual([{ matches, jails: ['journal'] }])
    expect(found.journalProblem).toBeNull()
    expect(found.test.problem).toBeNull()
    const [first, second] = ['for anna', 'nothing of note'].map((part) =>
      found.test.lines.find(({ text }) => text.includes(part)),
    )
    expect(first).toMatchObject({
      outcome: 'matched',
      matched: { address: '203.0.113.9', captures: { user: 'anna' } },
    })
    expect(Math.abs((first?.at ?? 0) - Date.now())).toBeLessThan(24 * 3_600_000)
    expect(second?.text).toContain('nothing of note')
    expect(JSON.stringify(found)).not.toContain('203.0.113.10')
    expect(found.lines.at(-1)).toContain('written later')
  },
)
