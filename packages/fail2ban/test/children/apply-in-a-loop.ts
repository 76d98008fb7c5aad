/**
 * Applies two prepared changes in turn, one of which takes the other back, until it is killed. Prints a line after each. The arguments are
 * the paths of the host and the ids of the changes.
 */
import { randomUUID } from 'node:crypto'
import { createLocalHost } from '../../src/host/local-host.ts'
import { createSavedChanges } from '../../src/host/saved-changes.ts'

const [socketPath = '', configDir = '', client = '', stateDir = '', ...ids] = process.argv.slice(2)
const host = createLocalHost({ socketPath, configDir, client, configWrite: 'all', stateDir })
const changes = createSavedChanges(stateDir)
for (let turn = 0; ; turn += 1) {
  const change = await changes.get(ids[turn % ids.length] ?? '')
  if (!change) throw new Error('There is no such change.')
  const id = randomUUID()
  await changes.save({ ...change, id, state: 'prepared' })
  const { applied, output } = await host.config.apply(id)
  if (!applied) throw new Error(output ?? 'The change was not applied.')
  process.stdout.write(`${id}\n`)
}
