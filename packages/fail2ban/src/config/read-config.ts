import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigUnreadableError } from '../errors.ts'
import type { ConfigOption, ConfigTree, Fail2banConfig } from './config-model.ts'
import { createFileSource } from './file-source.ts'
import type { FileSource } from './file-source.ts'
import { expandIncludes } from './includes.ts'
import { mergeFiles } from './merge-files.ts'
import type { NamedFile } from './merge-files.ts'

/**
 * Reads fail2ban's configuration the way fail2ban does: `X.conf`, `X.d/*.conf`, `X.local`, `X.d/*.local`, with their
 * includes, later ones over earlier ones. What is wrong with one file is a problem and hides nothing else.
 * @throws ConfigUnreadableError when the folder is missing, may not be read, or has no jails file at all
 */
export async function readFail2banConfig(configDir: string): Promise<Fail2banConfig> {
  await assertFolder(configDir)
  const source = createFileSource()
  const jail = withBuiltIn(await readTree(source, configDir, 'jail'), builtInDefaults(configDir))
  if (jail.files.length === 0) throw noJails(configDir, source.denied)
  const fail2ban = await readTree(source, configDir, 'fail2ban')
  return { configDir, jail, fail2ban, problems: source.problems, filters: await listFilters(configDir) }
}

async function assertFolder(configDir: string): Promise<void> {
  await readdir(configDir).catch((error: NodeJS.ErrnoException) => {
    throw new ConfigUnreadableError(folderMessage(configDir, error), { cause: error })
  })
}

function folderMessage(configDir: string, error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT')
    return `The folder ${configDir} does not exist. Install fail2ban, or set BANGUI_FAIL2BAN_CONFIG_DIR to its folder.`
  if (error.code === 'ENOTDIR')
    return `${configDir} is no folder. Set BANGUI_FAIL2BAN_CONFIG_DIR to fail2ban's configuration folder.`
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return `The folder ${configDir} may not be read by the user that BanGUI runs as. Give that user read access to it.`
  }
  return `The folder ${configDir} cannot be read (${error.code ?? error.message}).`
}

function noJails(configDir: string, denied: readonly string[]): ConfigUnreadableError {
  const [first] = denied
  if (first !== undefined) {
    return new ConfigUnreadableError(
      `${first} may not be read by the user that BanGUI runs as. Give that user read access to it.`,
    )
  }
  return new ConfigUnreadableError(
    `${configDir} has no jail.conf, so it is no configuration of fail2ban. Set BANGUI_FAIL2BAN_CONFIG_DIR to the right folder.`,
  )
}

async function readTree(source: FileSource, configDir: string, name: string): Promise<ConfigTree> {
  const folder = join(configDir, `${name}.d`)
  const inFolder = await listFolder(folder)
  const dropIns = (extension: string) =>
    inFolder.filter((file) => file.endsWith(extension)).map((file) => join(folder, file))
  const own = (extension: string) => join(configDir, name + extension)
  const order = [own('.conf'), ...dropIns('.conf'), own('.local'), ...dropIns('.local')]
  const there: string[] = []
  for (const path of order) if ((await source.read(path)) !== undefined) there.push(path)
  const files: NamedFile[] = []
  for (const path of await expandIncludes(source, there)) {
    const file = await source.read(path)
    if (file !== undefined) files.push({ path, file })
  }
  return mergeFiles(files)
}

const withBuiltIn = (tree: ConfigTree, options: readonly ConfigOption[]): ConfigTree => ({
  ...tree,
  defaults: new Map([...tree.defaults, ...options.map((option) => [option.key, option] as const)]),
})

/** The names of a folder as Python's `sorted(glob('*'))` gives them: by code point, without hidden files. */
async function listFolder(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names
    .filter((name) => !name.startsWith('.'))
    .sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
}

async function listFilters(configDir: string): Promise<ReadonlySet<string> | null> {
  const names = await readdir(join(configDir, 'filter.d')).catch(() => null)
  if (names === null) return null
  return new Set(
    names.filter((name) => /\.(conf|local)$/.test(name)).map((name) => name.replace(/\.(conf|local)$/, '')),
  )
}

// `jailreader.py` lays these over [DEFAULT]; the version is known to the tool alone
const builtInDefaults = (configDir: string): ConfigOption[] => [
  { key: 'fail2ban_version', raw: '<fail2ban_version>', file: null, line: null },
  { key: 'fail2ban_confpath', raw: configDir, file: null, line: null },
]
