/**
 * Switches the jail `spare` on, rolls that back and switches it off, on the host whose paths are the arguments. Prints
 * what each verb returned, as JSON.
 */
import { previewSwitch, stageSwitch } from '../changes.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { resultOf } from '@bangui/async'
import { createLocalHost } from '../../src/host/local-host.ts'

const stateDir = await mkdtemp(join(tmpdir(), 'state-'))
const [socketPath = '', configDir = '', client = ''] = process.argv.slice(2)
const host = createLocalHost({
  socketPath,
  configDir,
  client,
  configWrite: 'jails',
  stateDir,
})

const switchSpare = async (enabled: boolean) => {
  const change = await stageSwitch(host, 'spare', enabled)
  return { changeId: change?.changeId ?? null, outcome: await host.config.apply(change?.changeId ?? '') }
}

const preview = await previewSwitch(host, 'spare', true)
const on = await switchSpare(true)
const request = { changeId: on.changeId, jailName: 'spare', missingJails: [] }
const rolledBack = await resultOf(host.config.rollback(request))
const again = await switchSpare(true)
const off = await switchSpare(false)
await host.close()
await rm(stateDir, { recursive: true })
process.stdout.write(
  JSON.stringify({ preview, on: on.outcome, rolledBack, again: again.outcome, off: off.outcome }),
)
