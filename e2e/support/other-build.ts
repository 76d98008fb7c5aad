import { appendFile, cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const apps = fileURLToPath(new URL('../../apps', import.meta.url))

/** Creates another build of the same version, as a deployment brings it, in a folder that is removed afterwards. */
export async function createOtherBuild() {
  const folder = await mkdtemp(join(tmpdir(), 'bangui-build-'))
  const server = join(folder, 'server')
  await cp(join(apps, 'server/dist'), join(server, 'dist'), { recursive: true })
  await symlink(join(apps, 'server/node_modules'), join(server, 'node_modules'))
  await cp(join(apps, 'web/dist'), join(folder, 'web/dist'), { recursive: true })
  await appendFile(join(folder, 'web/dist/index.html'), '<!-- another build -->\n')
  const program: readonly [string, string] = [
    fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url)),
    join(server, 'dist/main.js'),
  ]
  return { program, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
