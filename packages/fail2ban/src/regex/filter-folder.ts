import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RegexFilter } from '@bangui/shared'
import { setOption } from '../config/edit-ini.ts'
import { parseIni } from '../config/ini-file.ts'
import { stageConfig, type StagedConfig } from '../config/stage.ts'
import { makeTemporaryFolder, removeTemporaryFolder } from '../config/temporary-folder.ts'
import { ConfigRefusedError } from '../errors.ts'

/** A folder of filters that fail2ban-regex reads, and the file of the filter to test in its `filter.d`. Disposing removes copies. */
export interface FilterFolder extends AsyncDisposable {
  readonly path: string
  /** with its ending: a name without one could mean a jail (1.1.0), and one that is no file would be taken for a regex */
  readonly file: string
}

/** The name of the filter that holds loose regexes; nothing else may have it. */
const LAB_FILTER = 'bangui-regex-lab'

const replacing = ['prefregex', 'failregex', 'ignoreregex', 'datepattern', 'maxlines'] as const

/**
 * Returns the folder in which fail2ban-regex finds what is to be tested. A filter as it is: the live folder. An edited filter, or one
 * with options replaced: a copy of the folder, since its includes come from there. Loose regexes: a folder with them alone. Regexes are
 * never arguments: fail2ban-regex opens an argument that is the name of a file.
 * @throws ConfigRefusedError for an unknown filter, a text that includes files from elsewhere, and a regex that no file can hold;
 * ConfigUnreadableError
 */
export async function openFilterFolder(configDir: string, input: RegexFilter): Promise<FilterFolder> {
  const { filter, content } = input
  const isReplaced = replacing.some((key) => input[key] !== undefined)
  if (filter === undefined) return writeLooseRegexes(input)
  if (content === undefined && !isReplaced)
    return { path: configDir, file: await findFilterFile(configDir, filter), [Symbol.asyncDispose]: nothing }
  const staged = await stageConfig(configDir)
  try {
    if (content !== undefined) await writeContent(staged, filter, content)
    const found = await findFilterFile(staged.path, filter)
    if (!isReplaced) return { ...staged, file: found }
    const base = `[INCLUDES]\nbefore = ${found}\n[Definition]\n`
    await staged.write(`filter.d/${LAB_FILTER}.local`, null)
    await staged.write(`filter.d/${LAB_FILTER}.conf`, filterText(base, input))
    return { ...staged, file: `${LAB_FILTER}.conf` }
  } catch (error) {
    await staged[Symbol.asyncDispose]()
    throw error
  }
}

const nothing = async () => undefined

async function writeLooseRegexes(input: RegexFilter): Promise<FilterFolder> {
  const text = filterText('[Definition]\nignoreregex =\n', input)
  const path = await makeTemporaryFolder('bangui-stage')
  await mkdir(join(path, 'filter.d'), { mode: 0o700 })
  await writeFile(join(path, 'filter.d', `${LAB_FILTER}.conf`), text, { mode: 0o600 })
  return {
    path,
    file: `${LAB_FILTER}.conf`,
    [Symbol.asyncDispose]: () => removeTemporaryFolder(path),
  }
}

/** Returns the text of a filter file with the options of the test. @throws ConfigRefusedError */
function filterText(base: string, input: RegexFilter): string {
  let text = base
  for (const key of replacing) {
    const given = input[key]
    if (given === undefined) continue
    const values = (Array.isArray(given) ? given : [String(given)]).map((value) => value.trim())
    const value = values.filter((each) => each !== '')
    for (const each of value) assertLine(key, each)
    text = setOption(text, { section: 'Definition', key, value: value.join('\n') })
  }
  return text
}

function assertLine(key: string, value: string): void {
  if (/^[#;]/.test(value))
    throw new ConfigRefusedError(
      `In a filter file, a line that begins with ${value.charAt(0)} is a comment. In ${key}, write [${value.charAt(0)}] instead.`,
    )
}

/** Returns the name of a filter's file with its ending. @throws ConfigRefusedError where there is none */
export async function findFilterFile(folder: string, filter: string): Promise<string> {
  for (const ending of ['conf', 'local']) {
    const file = `${filter}.${ending}`
    if (await isThere(folder, file)) return file
  }
  throw new ConfigRefusedError(`There is no filter named ${filter}. Choose another filter.`)
}

/** A file beside the filter; anything else, such as a path or a value to be filled in, could name any file of the machine. */
const besideFilter = /^\w[\w.-]*\.(?:conf|local)$/

/** Writes an edited filter into a copy: as `.local` beside a `.conf`. @throws ConfigRefusedError where it includes files from elsewhere */
async function writeContent(staged: StagedConfig, filter: string, content: string): Promise<void> {
  for (const { name, options } of parseIni(content).sections) {
    const includes = options.filter(({ key }) => key === 'before' || key === 'after')
    const names = includes.flatMap(({ value }) => value.split('\n').filter((line) => line !== ''))
    const outside = names.find((each) => !besideFilter.test(each))
    if (/^(?:INCLUDES|DEFAULT)/i.test(name) && outside !== undefined)
      throw new ConfigRefusedError(
        `The edited filter includes ${outside}. The lab only reads files of the folder filter.d, so name a file such as common.conf.`,
      )
  }
  const there = await Promise.all(
    ['conf', 'local'].map((ending) => isThere(staged.path, `${filter}.${ending}`)),
  )
  await staged.write(`filter.d/${filter}.${there.includes(true) ? 'local' : 'conf'}`, content)
}

const isThere = (folder: string, file: string): Promise<boolean> =>
  stat(join(folder, 'filter.d', file)).then(
    (found) => found.isFile(),
    () => false,
  )
