import { nextTurn } from '@bangui/async'
import type { ConfigFile, UpgradeFile } from '@bangui/shared'
import { unifiedDiff } from '../config/unified-diff.ts'
import { ConfigUnreadableError } from '../errors.ts'
import { listConfigFiles, readConfigFile } from './config-files.ts'
import type { LocalHostContext } from './local-host-context.ts'

/** How many files are compared at most. */
const MAX_FILES = 50

/** What dpkg, ucf and rpm leave: `offered` is what a package has and did not install, `former` what it replaced (dpkg(1), ucf(1), rpm(8)). */
const endings: Readonly<Record<string, UpgradeFile['kind']>> = {
  'dpkg-new': 'offered',
  'dpkg-dist': 'offered',
  'ucf-new': 'offered',
  'ucf-dist': 'offered',
  rpmnew: 'offered',
  'dpkg-old': 'former',
  'ucf-old': 'former',
  rpmsave: 'former',
  rpmorig: 'former',
}

function parseName(path: string): { readonly of: string; readonly kind: UpgradeFile['kind'] } | undefined {
  const [, of, ending = ''] = /^(.*[^/])\.([a-z]+(?:-[a-z]+)?)$/.exec(path) ?? []
  const kind = Object.hasOwn(endings, ending) ? endings[ending] : undefined
  return of === undefined || kind === undefined ? undefined : { of, kind }
}

/** Returns whether a file was left by an upgrade. */
export const isUpgradeFile = (path: string): boolean => parseName(path) !== undefined

/** Returns the files that upgrades left beside those of the configuration, each compared with the one that fail2ban reads. @throws ConfigUnreadableError */
export async function listUpgradeFiles(context: Pick<LocalHostContext, 'configDir'>): Promise<UpgradeFile[]> {
  const { files } = await listConfigFiles(context)
  const left = files.flatMap(({ path }) => {
    const found = parseName(path)
    return found === undefined ? [] : [{ path, ...found }]
  })
  const compared: UpgradeFile[] = []
  for (const { path, of, kind } of left.slice(0, MAX_FILES)) {
    await nextTurn()
    const [other, current] = [await readText(context, path), await readText(context, of)]
    const problem = problemOf(path, other) ?? problemOf(of, current)
    const [before, after] = kind === 'offered' ? [current, other] : [other, current]
    const diff = problem === null ? unifiedDiff(of, textOf(before), textOf(after)) : null
    compared.push({ path, kind, of, isThere: current !== null, diff, problem })
  }
  return compared
}

type Read = ConfigFile | string | null

/** Returns a file, null where there is none, or why it cannot be read. */
async function readText(context: Pick<LocalHostContext, 'configDir'>, path: string): Promise<Read> {
  try {
    return await readConfigFile(context, path)
  } catch (error) {
    if (error instanceof ConfigUnreadableError) return error.message
    throw error
  }
}

function problemOf(path: string, file: Read): string | null {
  if (typeof file === 'string') return file
  return file?.isCut === true ? `${path} is too large to compare.` : null
}

const textOf = (file: Read) => (file === null || typeof file === 'string' ? null : file.text)
