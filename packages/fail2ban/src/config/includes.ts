import { dirname, extname, isAbsolute } from 'node:path'
import type { ConfigProblem } from './config-model.ts'
import type { FileSource } from './file-source.ts'
import type { IniFile } from './ini-file.ts'
import { interpolate } from './interpolate.ts'
import { mergeFiles } from './merge-files.ts'

const MAX_DEPTH = 32
const MAX_LIST = 5000

/**
 * Gives the files to read, in order: each with what its `[INCLUDES] before` and `after` name, relative to it, and for each
 * included file its `.local` (`configparserinc.py`, `_getIncludes`). A circle is cut where it closes.
 */
export async function expandIncludes(source: FileSource, paths: readonly string[]): Promise<string[]> {
  const known = new Map<string, string[]>()

  const expand = async (names: readonly string[], seen: readonly string[]): Promise<string[]> => {
    const withLocals = await addLocals(source, names)
    const id = withLocals.join('\u0001')
    const before = known.get(id)
    if (before !== undefined) return before
    const all: string[] = []
    for (const name of withLocals) {
      if (all.length > MAX_LIST) break
      all.push(...(await expandOne(name, seen)))
    }
    known.set(id, all)
    return all
  }

  const expandOne = async (path: string, seen: readonly string[]): Promise<string[]> => {
    const file = await source.read(path)
    if (file === undefined) return []
    if (seen.length >= MAX_DEPTH) {
      source.addProblem({
        file: path,
        line: null,
        message: `Files include each other more than ${MAX_DEPTH} levels deep.`,
        kind: 'syntax',
      })
      return []
    }
    const around: { before: string[]; after: string[] } = { before: [], after: [] }
    const includes = includesOf(source, path, file)
    for (const where of ['before', 'after'] as const) {
      for (const name of includes[where]) {
        const resolved = isAbsolute(name) ? name : `${dirname(path)}/${name}`
        if (!seen.includes(resolved)) around[where].push(...(await expand([resolved], [...seen, path])))
      }
    }
    return [...around.before, path, ...around.after]
  }

  return expand(paths, [])
}

function includesOf(source: FileSource, path: string, file: IniFile): Includes {
  const { problems, ...found } = listIncludes(path, file)
  for (const problem of problems) source.addProblem(problem)
  return found
}

/** What a file includes, as it is written: before and after its own options. */
export interface Includes {
  readonly before: readonly string[]
  readonly after: readonly string[]
}

/** Returns what a file includes by itself; `problems`: what cannot be filled in. */
export function listIncludes(
  path: string,
  file: IniFile,
): Includes & { readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = []
  if (!file.sections.some((section) => section.name === 'INCLUDES'))
    return { before: [], after: [], problems }
  const tree = mergeFiles([{ path, file }])
  const list = (where: 'before' | 'after'): string[] => {
    const result = interpolate(tree, 'INCLUDES', where)
    if (result === undefined) return []
    if (result.problem === null) return result.value.split('\n').filter((line) => line !== '')
    problems.push({ file: path, line: result.line, message: result.problem, kind: 'syntax' })
    return []
  }
  return { before: list('before'), after: list('after'), problems }
}

async function addLocals(source: FileSource, names: readonly string[]): Promise<string[]> {
  const all: string[] = []
  for (const name of names) {
    all.push(name)
    const local = `${name.slice(0, name.length - extname(name).length)}.local`
    if (!names.includes(local) && (await source.mayHave(local)) && (await source.isFile(local)))
      all.push(local)
  }
  return all
}
