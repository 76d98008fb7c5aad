import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { programsOf } from '../firewall/action-programs.ts'
import type { ToolSeen } from '../seen/firewall-seen.ts'
import { rootOf } from './collect-process.ts'
import { UnseenError, type Collector } from './collector.ts'

const MAX_PROGRAMS = 200

/** Sees where the daemon finds the programs that its actions run. */
export const collectTools: Collector<'tools'> = async ({ get }) => {
  const actions = await get('actions')
  const process = await get('process')
  const { searchPath } = process
  if (searchPath === null) throw new UnseenError('BanGUI may not see where fail2ban looks for programs.')
  const root = await rootOf(process)
  const programs = new Set(actions.flatMap((jail) => jail.actions.flatMap(programsOf)))
  return Promise.all(
    [...programs].slice(0, MAX_PROGRAMS).map(async (program): Promise<ToolSeen> => {
      return { program, path: await find(root, searchPath, program) }
    }),
  )
}

async function find(root: string, folders: readonly string[], program: string): Promise<string | null> {
  const candidates = program.startsWith('/') ? [program] : folders.map((folder) => join(folder, program))
  for (const path of candidates) if (await isExecutable(`${root}${path}`)) return path
  return null
}

/** A link that begins at the root means the root of the daemon: it is taken for a program that is there. */
const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
