/** Prints the preview of switching the jail `spare` on, on the host whose paths are the arguments, as JSON. */
import { previewSwitch } from '../changes.ts'
import { createLocalHost } from '../../src/host/local-host.ts'

const [socketPath = '', configDir = '', client = ''] = process.argv.slice(2)
const host = createLocalHost({
  socketPath,
  configDir,
  client,
  configWrite: 'jails',
  stateDir: '/nowhere',
})
process.stdout.write(JSON.stringify(await previewSwitch(host, 'spare', true)))
await host.close()
