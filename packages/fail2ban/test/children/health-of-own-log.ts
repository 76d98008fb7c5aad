/**
 * Runs checks that read fail2ban's own log, and the collector of the journal for a jail that reads the entries of `logger` and of a
 * program that has none. Prints what they find as JSON.
 */
import { collectJournal } from '../../src/health/collect/collect-journal.ts'
import type { Collecting } from '../../src/health/collect/collector.ts'
import { createLocalHost } from '../../src/host/local-host.ts'
import { runHealth } from '../health-run.ts'

const [socketPath = '', configDir = '', client = ''] = process.argv.slice(2)
const host = createLocalHost({ socketPath, configDir, client, configWrite: 'off', stateDir: '/nowhere' })
const results = await runHealth(host, ['jail-not-running', 'no-date', 'time-mismatch'])
const checks = [...results.values()].map(({ check, problems, cannotTell }) => ({
  check,
  problems,
  cannotTell,
}))

const name = 'reader'
const seen = {
  jails: [{ name, journalMatches: [['_COMM=logger'], ['_COMM=logger', '_COMM=nosuch'], ['_COMM=nosuch']] }],
  config: { jails: [{ name, backend: 'systemd', filter: 'sshd' }] },
  process: { sameMounts: true },
}
const collecting = { get: async (part: keyof typeof seen) => seen[part] } as unknown as Collecting
const journal = await collectJournal(collecting, AbortSignal.timeout(60_000))
process.stdout.write(JSON.stringify({ checks, journal }))
await host.close()
