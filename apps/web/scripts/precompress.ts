import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const compressible = /\.(js|css|html|svg|json|txt)$/
const smallest = 1024

async function compressFile(path: string): Promise<void> {
  const content = await readFile(path)
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(content, { params }),
    promisify(gzip)(content, { level: 9 }),
  ])
  await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)])
}

/** Writes a .br and a .gz beside each built file, so that the server has nothing to compress. */
export function precompress(): Plugin {
  return {
    name: 'bangui-precompress',
    apply: 'build',
    async writeBundle({ dir }) {
      if (!dir) return
      const names = await readdir(dir, { recursive: true })
      // index.html is rewritten for the base path when it is served
      const paths = names.filter((name) => compressible.test(name) && name !== 'index.html')
      for (const path of paths.map((name) => join(dir, name)))
        if ((await stat(path)).size >= smallest) await compressFile(path)
    },
  }
}
