import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import type { TestProject } from 'vitest/node'
import config from '../rolldown.config.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
/** As far from the built web interface as `dist` is. */
const folder = join(root, '.vitest')

/** The program that {@link setup} bundles. */
export const bundledMain = join(folder, 'main.js')

/** The same with its host behind a wire. */
export const bundledWiredMain = join(folder, 'wired-main.js')

/** Where Node keeps what it has compiled of them: the next process starts from it. */
export const compileCache = join(folder, 'compiled')

/**
 * Bundles the server's sources for all tests, as they are now: a process that starts from the bundle needs a third of
 * the CPU time. Vitest calls this before the first test.
 */
export async function setup(project: TestProject): Promise<void> {
  await bundleServer()
  project.onTestsRerun(bundleServer)
}

async function bundleServer(): Promise<void> {
  const { output: outputs, input: programs, ...rest } = config
  const input = { ...(programs as Record<string, string>), 'wired-main': 'test/wired-main.ts' }
  const [options] = [outputs].flat()
  await using bundle = await rolldown({ ...rest, input, cwd: root })
  const { output } = await bundle.generate({ ...options, chunkFileNames: '[name].js', sourcemap: false })
  await mkdir(folder, { recursive: true })
  for (const file of output)
    await replaceFile(join(folder, file.fileName), file.type === 'chunk' ? file.code : file.source)
}

/** Replaces a file as a whole, where it differs: a process of another run may be reading it. */
async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const before = await readFile(path).catch(() => undefined)
  if (before?.equals(Buffer.from(content)) === true) return
  const draft = `${path}.${process.pid}`
  await writeFile(draft, content)
  await rename(draft, path)
}
