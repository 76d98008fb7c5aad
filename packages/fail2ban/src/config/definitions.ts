import { join, relative } from 'node:path'
import { parseReference, splitReferences } from '@bangui/shared'
import type { ConfigProblem, ConfigTree, Fail2banConfig } from './config-model.ts'
import { createFileSource, createFileStore } from './file-source.ts'
import type { Overlay } from './file-source.ts'
import { interpolate } from './interpolate.ts'
import { readTree } from './read-config.ts'
import { isInside } from './stage.ts'

/** A filter or an action as its files have it. */
export interface Definition {
  readonly tree: ConfigTree
  readonly problems: readonly ConfigProblem[]
}

/** The filters and actions that some jails use, by folder and name: `filter.d/sshd`. Undefined: it has no file. */
export type Definitions = ReadonlyMap<string, Definition | undefined>

/** Reads the filters and actions of jails, each once. */
export async function readDefinitions(
  config: Fail2banConfig,
  jails: readonly string[],
  overlay?: Overlay,
): Promise<Definitions> {
  const names = jails.flatMap((jail) => definitionsNamed(config, jail))
  return readNamed(config, names, overlay)
}

/** Reads filters and actions by folder and name (`filter.d/sshd`), each once; those outside the folder are left out. */
export async function readNamed(
  config: Fail2banConfig,
  names: readonly string[],
  overlay?: Overlay,
): Promise<Definitions> {
  const store = createFileStore(overlay)
  const read = async (name: string) => {
    const source = createFileSource(store)
    const tree = await readTree(source, config.configDir, name)
    const { problems } = source
    const isThere = tree.files.length > 0 || problems.length > 0
    return [name, isThere ? { tree, problems } : undefined] as const
  }
  const wanted = [...new Set(names)].filter((name) => isInFolder(config.configDir, name))
  return new Map(await Promise.all(wanted.map(read)))
}

/** Returns the filter and the actions that a jail names, enabled or not, by folder and name: `filter.d/sshd`. */
export function definitionsNamed(config: Fail2banConfig, jail: string): string[] {
  const named = (folder: string, texts: readonly string[]) =>
    texts.flatMap((text) => {
      const reference = parseReference(text)
      return 'problem' in reference ? [] : [`${folder}/${reference.name}`]
    })
  const valueOf = (key: string) => interpolate(config.jail, jail, key)?.value ?? ''
  const filter = valueOf('filter')
  const actions = splitReferences(valueOf('action')).map((text) => text.trim())
  return [...named('filter.d', filter === '' ? [] : [filter]), ...named('action.d', actions)].filter(
    (name) => !name.endsWith('.py'),
  )
}

const isInFolder = (configDir: string, name: string) =>
  !name.includes('\0') && isInside(configDir, join(configDir, name)) && relative(configDir, name) !== ''
