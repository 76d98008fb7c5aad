import { spawnSync } from 'node:child_process'
import { appendFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { problemsIn, runHealth } from '../../test/health-run.ts'
import { createTestHost } from '../../test/with-host.ts'
import { findFail2banVersions } from '../testing.ts'

const hasProgram = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

/** What these checks find is about the machine on which the tests run. */
const ofMachine = ['two-daemons', 'dead-at-boot', 'clock-off', 'port-mismatch', 'ipv6-open']

/** Lines of OpenSSH 9.8 and newer. */
const sessionLines = Array.from(
  { length: 12 },
  (_, index) =>
    `2026-11-30T10:00:${10 + index}.000000+00:00 host sshd-session[${index}]: Failed password for root from 203.0.113.${index} port 4242 ssh2\n`,
).join('')

describe.each(findFail2banVersions())(
  'with the configuration that comes with fail2ban $version',
  ({ binDir }) => {
    const stock = binDir === undefined ? '/etc/fail2ban' : join(binDir, '..', 'conf')

    it('the checks raise no false alarm, and find that the filter of sshd does not know a newer OpenSSH', async () => {
      await using at = await createTestHost({ jails: [], ...(binDir && { binDir }) })
      const { daemon, host } = at
      const own = await readFile(join(daemon.configDir, 'fail2ban.conf'), 'utf8')
      await cp(stock, daemon.configDir, { recursive: true, force: true })
      const log = join(daemon.folder, 'logs', 'auth.log')
      await mkdir(join(daemon.folder, 'logs'), { recursive: true })
      await writeFile(log, 'Nov 30 10:00:00 host systemd[1]: Started Session 1 of user root.\n')
      await writeFile(join(daemon.configDir, 'fail2ban.local'), own)
      await writeFile(
        join(daemon.configDir, 'jail.local'),
        `[sshd]\nenabled = true\nbackend = polling\nlogpath = ${log}\n`,
      )
      await daemon.start()
      const results = await runHealth(host)
      const allowed = [
        ...ofMachine,
        ...(hasProgram('iptables') && hasProgram('nft') ? [] : ['binary-missing']),
      ]
      const alarms = problemsIn(results).filter(
        (problem) => !allowed.includes(problem.split(':', 1)[0] ?? ''),
      )
      expect(alarms).toEqual([])
      await appendFile(log, sessionLines)
      const after = problemsIn(await runHealth(host, ['sshd-session', 'never-matches']))
      // distributions add the new name to older versions
      const filter = await readFile(join(daemon.configDir, 'filter.d', 'sshd.conf'), 'utf8')
      const isOld = !/^_daemon = .*session/m.test(filter)
      expect(after).toEqual(
        isOld ? ['sshd-session: sshd: the filter does not match the log lines of this OpenSSH'] : [],
      )
    })
  },
)
