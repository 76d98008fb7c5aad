import { readdir, unlink } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { isMissing } from '../config/writable-file.ts'
import { putFile, TEMPORARY } from './live-files.ts'
import type { LocalHostContext } from './local-host-context.ts'
import type { SavedFile } from './saved-change.ts'

export interface PuttingOptions {
  /** called after each file */
  readonly onPut?: (file: SavedFile) => void
  /** the files as they have to be until they are written @default whatever they are */
  readonly before?: readonly SavedFile[]
}

/**
 * Writes files one after the other, and removes those with `content` null, in an order in which fail2ban takes what is there after each: a
 * filter or an action comes before the jail that uses it, and goes after it.
 * @throws ConfigUnwritableError, ConfigChangedError; the files so far are written then
 */
export async function putFiles(
  { configDir, outside }: Pick<LocalHostContext, 'configDir' | 'outside'>,
  files: readonly SavedFile[],
  { onPut, before }: PuttingOptions = {},
): Promise<void> {
  const rankOf = ({ path, content }: SavedFile) => {
    const isUsed = /^(?:filter|action)\.d\//.test(relative(configDir, path))
    if (content === null) return isUsed ? 3 : 2
    return isUsed ? 0 : 1
  }
  for (const file of files.toSorted((one, other) => rankOf(one) - rankOf(other))) {
    const expected = before?.find(({ path }) => path === file.path)
    await putFile(configDir, file, expected?.content)
    outside.noteOwn(file.path, file.content)
    onPut?.(file)
  }
}

/** Removes what a crash left of writing files: copies beside them that were not in their place yet. */
export async function removeUnfinished(paths: readonly string[]): Promise<void> {
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    const names = paths.filter((path) => dirname(path) === folder).map((path) => basename(path))
    for (const name of await readdir(folder).catch(() => [])) {
      const [, file = ''] = TEMPORARY.exec(name) ?? []
      if (!names.includes(file)) continue
      await unlink(join(folder, name)).catch((error: unknown) => {
        if (!isMissing(error)) throw error
      })
    }
  }
}
