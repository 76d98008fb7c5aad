/** Lists the notices about the configuration of the host whose paths are the arguments. Prints them as JSON. */
import { createLocalHost } from '../../src/host/local-host.ts'

const [socketPath = '', configDir = '', client = ''] = process.argv.slice(2)
const host = createLocalHost({
  socketPath,
  configDir,
  client,
  configWrite: 'off',
  stateDir: '/nowhere',
})
process.stdout.write(JSON.stringify(await host.config.listNotices()))
await host.close()
