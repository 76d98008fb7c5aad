import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parseLocal } from '../../daemon-time/zone.ts'
import { createOwnLogReader } from './own-log-reader.ts'

const line = (second: number, logger: string, text: string) =>
  `2026-11-30 12:00:${String(second).padStart(2, '0')},000 fail2ban.${logger.padEnd(15)}[77]: ${text}\n`
const at = (second: number) => Date.UTC(2026, 10, 30, 12, 0, second)

/** The words are those of fail2ban 0.11.2 to 1.1.1. */
const log = [
  line(0, 'server', 'INFO    Starting Fail2ban v1.0.2'),
  line(0, 'database', "INFO    New database created. Version '4'"),
  line(
    1,
    'transmitter',
    "ERROR   Jail 'web' skipped, because of wrong configuration: Unable to read the filter 'nosuch'",
  ),
  line(1, 'jail', "INFO    Jail 'sshd' started"),
  line(2, 'filter', 'INFO    [sshd] Found 203.0.113.1 - 2026-11-30 12:00:02'),
  line(2, 'filter', 'INFO    [sshd] Ignore 127.0.0.1 by ignoreself rule'),
  line(2, 'filter', 'INFO    [sshd] Ignore 203.0.113.9 by ip'),
  line(3, 'actions', 'NOTICE  [sshd] Ban 203.0.113.1'),
  line(3, 'utils', 'ERROR   7fbcaa7f4ca0 -- exec: iptables -N f2b-sshd\nfor x in y; do\ndone'),
  line(3, 'utils', "ERROR   7fbcaa7f4ca0 -- stderr: '/bin/sh: 1: iptables: not found'"),
  line(3, 'utils', 'ERROR   7fbcaa7f4ca0 -- returned 127'),
  line(
    3,
    'utils',
    'INFO    HINT on 127: "Command not found".  Make sure that all commands in \'…\' are in the PATH',
  ),
  line(
    3,
    'actions',
    "ERROR   Failed to execute ban jail 'sshd' action 'iptables-multiport' info 'ActionInfo({'ip': '203.0.113.1'})': Error starting action Jail('sshd')/iptables-multiport: 'Script error'",
  ),
  line(4, 'utils', 'ERROR   7fbcaa7f4cb0 -- exec: /bin/nosuch 203.0.113.5'),
  line(4, 'utils', 'ERROR   7fbcaa7f4cb0 -- returned 127'),
  line(9, 'filter', "WARNING [sshd] Found a match but no valid date/time found for 'x'."),
  line(9, 'filter', 'WARNING [sshd] Match without a timestamp: x'),
  line(
    10,
    'filter',
    'WARNING [sshd] Detected a log entry 2h before the current time in operation mode. This looks like a timezone problem. Treating such entries as if they just happened.',
  ),
  line(10, 'filter', 'WARNING [sshd] Please check a jail for a timing issue. Line with odd timestamp: x'),
  line(11, 'filter', 'ERROR   Unable to open /var/log/a.log'),
  line(11, 'filter', "ERROR   [Errno 13] Permission denied: '/var/log/a.log'"),
  line(12, 'filterpoll', "WARNING Too many errors. Remove file '/var/log/b.log' from monitoring process"),
  line(12, 'filter', 'ERROR   Too many errors at once (100), going idle'),
  line(
    13,
    'ipdns',
    'WARNING Unable to find a corresponding IP address for nosuch.invalid: [Errno -2] Name or service not known',
  ),
  line(13, 'ipdns', "WARNING Determined IP using DNS Lookup: a.example = {'192.0.2.1'}"),
  line(14, 'jail', "ERROR   Backend 'systemd' failed to initialize due to No module named 'systemd'"),
  line(15, 'database', "ERROR   Error opening fail2ban persistent database '/x': file is not a database"),
  line(
    16,
    'transmitter',
    "ERROR   Command ['server-stream', [['set', 'dbpurgeage', 'junk']]] has failed. Received NameError(\"name 'junk' is not defined\")",
  ),
  line(17, 'server', 'INFO    Reload all jails'),
].join('')

async function createLog(text: string) {
  const folder = await mkdtemp(join(tmpdir(), 'f2b-log-'))
  const path = join(folder, 'fail2ban.log')
  await writeFile(path, text)
  const reader = createOwnLogReader(() => 0)
  return {
    path,
    read: () => reader.read(path, (time) => parseLocal(time)),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

it('finds everything that fail2ban logs about its own work, with the lines', async () => {
  await using own = await createLog(log)
  const seen = await own.read()
  expect(seen).toMatchObject({ since: at(0), startedAt: at(0), loadedAt: at(17) })
  expect(seen.notes.map(({ kind, jail, subject, lastAt }) => [kind, jail, subject, lastAt])).toEqual([
    ['new-database', null, '', at(0)],
    ['jail-skipped', 'web', '', at(1)],
    ['program-failed', null, '/bin/nosuch', at(4)],
    ['no-date', 'sshd', '', at(9)],
    ['odd-time', 'sshd', '', at(10)],
    ['unreadable', null, '/var/log/a.log', at(11)],
    ['dropped', null, '/var/log/b.log', at(12)],
    ['went-idle', null, '', at(12)],
    ['name-unresolved', null, 'nosuch.invalid', at(13)],
    ['dns-used', null, 'a.example', at(13)],
    ['backend-failed', null, 'systemd', at(14)],
    ['database-error', null, '', at(15)],
    ['command-failed', null, 'server-stream', at(16)],
  ])
  expect(seen.notes.find(({ kind }) => kind === 'odd-time')).toMatchObject({ count: 1, lines: { length: 2 } })
  expect(seen.failures).toMatchObject([
    {
      jail: 'sshd',
      action: 'iptables-multiport',
      verb: 'start',
      reason: '/bin/sh: 1: iptables: not found',
      count: 1,
    },
  ])
  expect(seen.jails.get('sshd')).toMatchObject({
    startedAt: at(1),
    foundAt: at(2),
    bannedAt: at(3),
    found: 1,
    ignoredAddress: '203.0.113.9',
    ignored: new Map([
      ['ignoreself', 1],
      ['ip', 1],
    ]),
  })
})

it('reads on where it stopped, over a line that was half there and over rotation', async () => {
  await using own = await createLog(
    line(1, 'filter', 'INFO    [sshd] Found 203.0.113.1 - 2026-11-30 12:00:01'),
  )
  const next = line(2, 'filter', 'INFO    [sshd] Found 203.0.113.2 - 2026-11-30 12:00:02')
  await own.read()
  await appendFile(own.path, next.slice(0, 40))
  expect((await own.read()).jails.get('sshd')?.found).toBe(1)
  await appendFile(own.path, next.slice(40))
  expect((await own.read()).jails.get('sshd')?.found).toBe(2)
  await rename(own.path, `${own.path}.1`)
  await writeFile(own.path, line(3, 'filter', 'INFO    [sshd] Found 203.0.113.3 - 2026-11-30 12:00:03'))
  expect((await own.read()).jails.get('sshd')).toMatchObject({ found: 3, foundAt: at(3) })
})

it('reads the end of a log that is very large, and of a very long line its end', async () => {
  const long = `ERROR   Command ['server-stream', ${'x'.repeat(100_000)}] has failed. Received NameError('reason')`
  await using own = await createLog(
    `${line(1, 'x', `INFO    ${'y'.repeat(1000)}`).repeat(5000)}${line(2, 'transmitter', long)}`,
  )
  const [note] = (await own.read()).notes
  expect(note).toMatchObject({
    kind: 'command-failed',
    lines: [expect.stringMatching(/NameError\('reason'\)$/)],
  })
})

it('keeps the order of what happened within a second', async () => {
  const stamped = (milliseconds: string, logger: string, text: string) =>
    line(1, logger, text).replace(',000 ', `,${milliseconds} `)
  await using own = await createLog(
    stamped('100', 'jail', "INFO    Jail 'sshd' started") +
      stamped('900', 'filter', 'INFO    [sshd] Found 203.0.113.1 - 2026-11-30 12:00:01'),
  )
  expect((await own.read()).jails.get('sshd')).toMatchObject({ startedAt: at(1) + 100, foundAt: at(1) + 900 })
})
