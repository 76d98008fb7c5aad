import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { KnownIndex } from '@bangui/shared'
import { readPrivateFile, syncFolder, writePrivateFile } from '../private-files.ts'

/** The largest file of which a copy is kept. */
export const MAX_KEPT_BYTES = 1024 * 1024

/** The configuration as it was last seen: what its files had in them, so that a difference can be shown. */
export interface KnownConfig {
  /** Undefined: nothing was seen yet, or it cannot be read. */
  read(): Promise<KnownIndex | undefined>
  /** Returns the copy of a file; undefined: there is none, or it is damaged. */
  content(hash: string): Promise<Buffer | undefined>
  /** Stores what is seen now, with copies that are new; copies that nothing names are deleted. */
  write(index: KnownIndex, copies: ReadonlyMap<string, Uint8Array>): Promise<void>
}

const INDEX = 'index.json'

/** Creates the {@link KnownConfig} in `stateDir`, in a folder that only this user can read. */
export function createKnownConfig(stateDir: string): KnownConfig {
  const folder = join(stateDir, 'known-config')
  return {
    async read() {
      try {
        return KnownIndex.parse(JSON.parse((await readPrivateFile(join(folder, INDEX))).toString()))
      } catch {
        // what cannot be read is begun anew
        return undefined
      }
    },
    content: (hash) => readPrivateFile(join(folder, hash)).catch(() => undefined),
    async write(index, copies) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const there = new Set(await readdir(folder))
      for (const [hash, content] of copies) {
        if (there.has(hash)) continue
        await rm(join(folder, `${hash}.new`), { force: true })
        await writePrivateFile(join(folder, `${hash}.new`), content)
        await rename(join(folder, `${hash}.new`), join(folder, hash))
      }
      await rm(join(folder, `${INDEX}.new`), { force: true })
      await writePrivateFile(join(folder, `${INDEX}.new`), JSON.stringify(index))
      await rename(join(folder, `${INDEX}.new`), join(folder, INDEX))
      await syncFolder(folder)
      const named = new Set([INDEX, ...Object.values(index.files).map(({ hash }) => hash)])
      for (const name of [...there, ...copies.keys()])
        if (!named.has(name)) await rm(join(folder, name), { recursive: true, force: true })
    },
  }
}
