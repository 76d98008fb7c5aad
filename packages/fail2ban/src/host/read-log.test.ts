import { appendFile, rm, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { createTestHost } from '../../test/with-host.ts'
import { runTool } from './run-tool.ts'

test("the last lines of fail2ban's own log are told, bounded and clean", async () => {
  await using at = await createTestHost({ jails: [{ name: 'app' }] })
  await at.daemon.start()
  await expect.poll(() => at.host.logs.read()).toMatchObject({ target: at.daemon.logfile, problem: null })
  const { lines } = await at.host.logs.read()
  expect(lines.some((line) => line.includes("Jail 'app' started"))).toBe(true)
  await appendFile(at.daemon.logfile, `${'x'.repeat(200_000)}\n\u001b[31mred\u001b[0m\n`)
  const long = await at.host.logs.read()
  expect(long.lines.length).toBeLessThanOrEqual(100)
  expect(long.lines.join('').length).toBeLessThanOrEqual(64 * 1024)
  expect(long.lines.at(-1)).not.toContain('\u001b')
  expect(long.lines.at(-1)).toContain('red')
})

test('a log that is missing, or no file, is reported as that', async () => {
  await using at = await createTestHost({ jails: [{ name: 'app' }] })
  await rm(at.daemon.logfile, { force: true })
  expect(await at.host.logs.read()).toMatchObject({
    lines: [],
    problem: expect.stringContaining(at.daemon.logfile),
  })
  await runTool(['mkfifo', at.daemon.logfile], { deadline: 5_000 })
  expect((await at.host.logs.read()).problem).toContain('not a regular file')
  await writeFile(`${at.daemon.configDir}/fail2ban.local`, '[Definition]\nlogtarget = SYSLOG\n')
  expect(await at.host.logs.read()).toEqual({
    target: 'SYSLOG',
    lines: [],
    problem: 'fail2ban logs to SYSLOG, which is not a file.',
  })
})
