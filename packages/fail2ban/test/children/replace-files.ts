/**
 * In the configuration folder of the argument, replaces `jail.d/there.local` and restores it, makes `jail.d/new.local` and
 * removes it, and keeps a copy. Prints the mode and owner of each as JSON.
 */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { keepCopy, putFile, saveFile } from '../../src/host/live-files.ts'

const [configDir = ''] = process.argv.slice(2)
const content = Buffer.from('written\n')

const attributes = async (path: string | undefined) => {
  const found = path === undefined ? undefined : await stat(path).catch(() => undefined)
  return found ? { mode: found.mode & 0o7777, uid: found.uid, gid: found.gid } : null
}

async function replace(name: string) {
  const path = join(configDir, 'jail.d', name)
  const saved = await saveFile(configDir, path)
  await putFile(configDir, { ...saved, content })
  const written = await attributes(path)
  const copy = await attributes(await keepCopy(path, 1))
  await putFile(configDir, saved)
  return { written, copy, restored: await attributes(path) }
}

process.stdout.write(
  JSON.stringify({ there: await replace('there.local'), made: await replace('new.local') }),
)
