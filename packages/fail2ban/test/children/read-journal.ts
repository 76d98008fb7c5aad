/** Tests a jail on its entries of the journal, and follows them until one has the text of the last argument. Prints both as JSON. */
import { createLocalHost } from '../../src/host/local-host.ts'

const [socketPath = '', configDir = '', client = '', journal = '', awaited = ''] = process.argv.slice(2)
const host = createLocalHost({ socketPath, configDir, client, configWrite: 'off', stateDir: '/nowhere' })
const { journals, journalProblem } = await host.logs.list()
const test = await host.config.testRegex({ jail: 'journal', journal, limit: 10 })
const end = new AbortController()
const lines: string[] = []
for await (const batch of host.logs.follow({ journal }, { limit: 10, signal: end.signal })) {
  lines.push(...batch.lines)
  if (lines.some((line) => line.includes(awaited))) end.abort()
}
process.stdout.write(JSON.stringify({ journals, journalProblem, test, lines }))
await host.close()
