import { dirname, join, relative } from 'node:path'
import type { Fail2banConfig } from './config-model.ts'
import { createFileSource, createFileStore } from './file-source.ts'
import type { FileSource, Overlay } from './file-source.ts'
import { listIncludes } from './includes.ts'

/** Returns which filters, or actions, each of them is included by, by name; those that nothing includes are left out. */
export async function findIncluders(
  config: Fail2banConfig,
  scope: 'filter' | 'action',
  overlay?: Overlay,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const source = createFileSource(createFileStore(overlay))
  const folder = join(config.configDir, `${scope}.d`)
  const found = new Map<string, string[]>()
  for (const name of [...((scope === 'filter' ? config.filters : config.actions) ?? [])].toSorted()) {
    const paths = [`${name}.conf`, `${name}.local`].map((file) => join(folder, file))
    const included = new Set(
      (await Promise.all(paths.map((path) => includedIn(source, folder, path)))).flat(),
    )
    for (const other of included) if (other !== name) found.set(other, [...(found.get(other) ?? []), name])
  }
  return found
}

/** Returns the names that a file includes of its own folder. */
async function includedIn(source: FileSource, folder: string, path: string): Promise<string[]> {
  const file = await source.read(path)
  if (file === undefined) return []
  const { before, after } = listIncludes(path, file)
  return [...before, ...after].flatMap((text) => nameIn(folder, path, text) ?? [])
}

/** Returns the filter or the action whose file an include names; undefined: it is elsewhere. */
const nameIn = (folder: string, from: string, text: string): string | undefined =>
  /^([^/]+)\.(?:conf|local)$/.exec(relative(folder, join(dirname(from), text)))?.[1]
