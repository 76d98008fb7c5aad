/**
 * Makes a change of the configuration while the disk of the folder in the first argument is full, and again when it is not. The second
 * argument is the folder that the host stores its changes in. Prints how each ended, and whether the configuration was the same, as JSON.
 */
import { readdir, readFile, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isHostError } from '../../src/host-error.ts'
import { createTestHost } from '../with-host.ts'

const [folder = '', stateDir = ''] = process.argv.slice(2)
await using at = await createTestHost({ folder, jails: [{ name: 'app' }] }, { stateDir })
const { configDir } = at.daemon
const fill = join(folder, 'fill')

async function fillDisk(): Promise<void> {
  for (let left = (await statfs(folder)).bavail; left > 0; left = (await statfs(folder)).bavail)
    await writeFile(fill, Buffer.alloc(left * (await statfs(folder)).bsize), { flag: 'a' }).catch(
      () => undefined,
    )
}

const filesNow = async () => {
  const names = (await readdir(configDir, { recursive: true, withFileTypes: true })).filter((each) =>
    each.isFile(),
  )
  const paths = names.map(({ parentPath, name }) => join(parentPath, name)).toSorted()
  return JSON.stringify(await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')])))
}

const edits = [{ kind: 'set', scope: 'jail', name: 'app', key: 'maxretry', value: '9' }] as const
const change = async () => {
  const staged = await at.host.config.stage({ edits, title: 'A change' })
  await fillDisk()
  return at.host.config.apply(staged?.changeId ?? '')
}
const told = async (made: Promise<object>) =>
  made.catch((error: unknown) => ({
    code: isHostError(error, 'config_unwritable', 'config_refused', 'internal') ? error.code : 'none',
    message: String(error),
  }))

await at.daemon.start()
const before = await filesNow()
const loaded = await told(change())
const isSame = (await filesNow()) === before
const second = await told(at.host.config.stage({ edits, title: 'A change' }).then((found) => found ?? {}))
const isStillSame = (await filesNow()) === before
await rm(fill)
const again = await told(
  at.host.config
    .stage({ edits, title: 'A change' })
    .then((found) => at.host.config.apply(found?.changeId ?? '')),
)
process.stdout.write(JSON.stringify({ loaded, isSame, second, isStillSame, again }))
