/** Runs checks that read fail2ban's own log, and prints what they could not tell as JSON. */
import { createLocalHost } from '../../src/host/local-host.ts'
import { runHealth } from '../health-run.ts'

const [socketPath = '', configDir = '', client = ''] = process.argv.slice(2)
const host = createLocalHost({ socketPath, configDir, client, configWrite: 'off', stateDir: '/nowhere' })
const results = await runHealth(host, ['jail-not-running', 'no-date', 'time-mismatch'])
process.stdout.write(
  JSON.stringify(
    [...results.values()].map(({ check, problems, cannotTell }) => ({ check, problems, cannotTell })),
  ),
)
await host.close()
