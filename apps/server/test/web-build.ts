import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A web interface as a build leaves it, in a folder of its own, beside a file that nobody may read. */
export async function createWebBuild() {
  const folder = await mkdtemp(join(tmpdir(), 'bangui-web-'))
  const webDir = join(folder, 'dist')
  await mkdir(join(webDir, 'assets'), { recursive: true })
  const page =
    '<!doctype html><html><head><script src="./assets/theme.js"></script><base href="/" /></head></html>'
  await writeFile(join(webDir, 'index.html'), page)
  await writeFile(join(webDir, 'assets/main-abc.js'), 'plain')
  await writeFile(join(webDir, 'assets/main-abc.js.br'), 'brotli')
  await writeFile(join(webDir, 'assets/main-abc.js.gz'), 'gzip')
  await writeFile(join(webDir, 'robots.txt'), 'no')
  await writeFile(join(folder, 'secret'), 'secret')
  return { webDir, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

/** What a browser accepts that opens a page. */
export const html = { accept: 'text/html,application/xhtml+xml' }
