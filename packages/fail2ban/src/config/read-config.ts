import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigUnreadableError } from '../errors.ts'
import type { ConfigOption, ConfigProblem, ConfigTree, Fail2banConfig } from './config-model.ts'
import { createFileSource, createFileStore, whyUnreadable } from './file-source.ts'
import type { FileSource, Overlay } from './file-source.ts'
import { expandIncludes } from './includes.ts'
import { mergeFiles } from './merge-files.ts'
import type { NamedFile } from './merge-files.ts'

/**
 * Reads fail2ban's configuration the way fail2ban does: `X.conf`, `X.d/*.conf`, `X.local`, `X.d/*.local`, with their
 * includes, later ones over earlier ones. What is wrong with one file is a problem and hides nothing else.
 * `version` is that of the fail2ban-client that reads the files, which has its place in some actions; files of an `overlay` are
 * read instead of those on disk.
 * @throws ConfigUnreadableError when the folder is missing, may not be read, or has no jails file at all
 */
export async function readFail2banConfig(
  configDir: string,
  version = '<fail2ban_version>',
  overlay?: Overlay,
): Promise<Fail2banConfig> {
  await assertFolder(configDir)
  const source = createFileSource(createFileStore(overlay))
  const jail = withBuiltIn(await readTree(source, configDir, 'jail'), builtInDefaults(configDir, version))
  if (jail.files.length === 0) throw noJails(configDir, source.problems)
  const fail2ban = await readTree(source, configDir, 'fail2ban')
  const [filters, actions] = await Promise.all(
    ['filter.d', 'action.d'].map((name) => listNames(source, join(configDir, name))),
  )
  return {
    configDir,
    jail,
    fail2ban,
    problems: source.problems,
    filters: filters ?? null,
    actions: actions ?? null,
  }
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
    return `${configDir} is not a folder. Set BANGUI_FAIL2BAN_CONFIG_DIR to fail2ban's configuration folder.`
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return `BanGUI has no permission to read the folder ${configDir}. Give the user that BanGUI runs as read access to it.`
  }
  return `The folder ${configDir} cannot be read (${error.code ?? error.message}).`
}

function noJails(configDir: string, problems: readonly ConfigProblem[]): ConfigUnreadableError {
  const [first] = problems
  if (first !== undefined) {
    const line = first.line === null ? '' : `, line ${first.line}`
    return new ConfigUnreadableError(`${first.file}${line}: ${first.message}`)
  }
  return new ConfigUnreadableError(
    `${configDir} has no jail.conf, so it is not a fail2ban configuration. Set BANGUI_FAIL2BAN_CONFIG_DIR to the right folder.`,
  )
}

/** Reads one configuration (`jail`, `fail2ban`, `filter.d/sshd`, …) with everything that belongs to it. */
export async function readTree(source: FileSource, configDir: string, name: string): Promise<ConfigTree> {
  const folder = join(configDir, `${name}.d`)
  const inFolder = (await source.mayHave(folder)) ? await listFolder(source, folder) : []
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
async function listFolder(source: FileSource, folder: string): Promise<string[]> {
  const names = await source.list(folder).catch(async (error: unknown) => {
    for (const problem of await whyUnreadable(folder, error)) source.addProblem(problem)
    return []
  })
  return names
    .filter((name) => !name.startsWith('.'))
    .sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
}

/** The names that have a file in a folder of filters or actions; null: it cannot be read. */
async function listNames(source: FileSource, folder: string): Promise<ReadonlySet<string> | null> {
  const names = await source.list(folder).catch(() => null)
  if (names === null) return null
  return new Set(
    names
      .filter((name) => /\.(?:conf|local|py)$/.test(name))
      .map((name) => name.replace(/\.(?:conf|local)$/, '')),
  )
}

// `jailreader.py` lays these over [DEFAULT]; the version is known to the tool alone
const builtInDefaults = (configDir: string, version: string): ConfigOption[] => [
  { key: 'fail2ban_version', raw: version, file: null, line: null },
  { key: 'fail2ban_confpath', raw: configDir, file: null, line: null },
]
