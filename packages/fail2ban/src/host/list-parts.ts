import { normalize, relative } from 'node:path'
import { parseReference, splitReferences } from '@bangui/shared'
import type { ConfigDefinition, ConfigJail, ConfigParts } from '@bangui/shared'
import type { Fail2banConfig } from '../config/config-model.ts'
import { configuredJails } from '../config/list-jails.ts'
import { findIncluders } from '../config/includers.ts'
import { interpolate } from '../config/interpolate.ts'
import { findPackaged } from '../config/packaged-files.ts'
import { listConfigFiles } from './config-files.ts'
import type { LocalHostContext } from './local-host-context.ts'

/** Returns the jails, filters and actions of the configuration, and which jail uses which. @throws ConfigUnreadableError */
export async function listParts(context: LocalHostContext): Promise<ConfigParts> {
  const [{ config }, { files }] = await Promise.all([context.configReader.read(), listConfigFiles(context)])
  const paths = files.map(({ path }) => path)
  const packaged = await findPackaged(config.configDir, paths)
  const jails = configuredJails(config).map(({ name, enabled, filter }) => {
    const own = filesOf(config, name).every((inside) => !packaged.has(inside))
    return { name, enabled, filter, actions: actionsOf(config, name), own }
  })
  const filters = definitionsOf({ folder: 'filter.d', paths, packaged }, jails, ({ filter }) => [filter])
  const actions = definitionsOf({ folder: 'action.d', paths, packaged }, jails, ({ actions: used }) => used)
  return {
    jails,
    filters: await withIncluders(config, 'filter', filters),
    actions: await withIncluders(config, 'action', actions),
  }
}

/** What comes with a package cannot be deleted: nobody asks what includes it. */
async function withIncluders(
  config: Fail2banConfig,
  scope: 'filter' | 'action',
  definitions: readonly ConfigDefinition[],
): Promise<ConfigDefinition[]> {
  if (!definitions.some(({ own }) => own)) return [...definitions]
  const includers = await findIncluders(config, scope)
  return definitions.map((each) =>
    each.own ? { ...each, includedBy: [...(includers.get(each.name) ?? [])] } : each,
  )
}

/** The files that set something in the section of a jail, relative to the folder. */
const filesOf = (config: Fail2banConfig, jail: string): string[] =>
  [...(config.jail.sections.get(jail)?.places.values() ?? [])]
    .flat()
    .flatMap(({ file }) => (file === null ? [] : [relative(config.configDir, normalize(file))]))

function actionsOf(config: Fail2banConfig, jail: string): string[] {
  const references = splitReferences(interpolate(config.jail, jail, 'action')?.value ?? '')
  const names = references.flatMap((text) => {
    const reference = parseReference(text.trim())
    return 'problem' in reference ? [] : [reference.name]
  })
  return [...new Set(names)]
}

interface Folder {
  readonly folder: string
  readonly paths: readonly string[]
  /** those that come with a package */
  readonly packaged: ReadonlySet<string>
}

function definitionsOf(
  { folder, paths, packaged }: Folder,
  jails: readonly ConfigJail[],
  usedBy: (jail: ConfigJail) => readonly (string | null)[],
): ConfigDefinition[] {
  const files = new Map<string, string[]>()
  for (const path of paths) {
    const [, name] = /^[^/]+\/([^/]+?)(?:\.conf|\.local|(?:\.d\/[^/]+\.(?:conf|local)))$/.exec(path) ?? []
    const program = /^[^/]+\/([^/]+\.py)$/.exec(path)?.[1]
    const found = name ?? (folder === 'action.d' ? program : undefined)
    if (!path.startsWith(`${folder}/`) || found === undefined) continue
    files.set(found, [...(files.get(found) ?? []), path])
  }
  return [...files]
    .map(([name, own]) => ({
      name,
      files: own,
      own: own.every((path) => !packaged.has(path)),
      jails: jails.flatMap((jail) => (usedBy(jail).includes(name) ? [jail.name] : [])),
    }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
}
