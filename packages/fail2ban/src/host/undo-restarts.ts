import { relative } from 'node:path'
import { loadSteps } from '@bangui/shared'
import { compareStreams } from '../config/compare-streams.ts'
import { dumpConfig } from '../config/dump-config.ts'
import { stageConfig } from '../config/stage.ts'
import { ConfigUnreadableError, ToolMissingError } from '../errors.ts'
import { commandsBefore } from './commands-before.ts'
import type { LocalHostContext } from './local-host-context.ts'
import type { SavedChange } from './saved-change.ts'
import { findStaleActions } from './stale-actions.ts'

/**
 * Returns the jails of a change whose files were restored that have to be restarted to be as before: those that the change
 * restarted, those that would keep an option of it over a reload, and those that run with other actions than the files have.
 */
export async function undoRestarts(
  context: LocalHostContext,
  change: SavedChange,
): Promise<ReadonlySet<string>> {
  const stepsOf = (wanted: 'reload' | 'restart') =>
    loadSteps(change.load).flatMap(({ jail, how }) => (how === wanted ? [jail] : []))
  const reloaded = stepsOf('reload')
  const kept = reloaded.length === 0 ? [] : await jailsThatKeep(context, change, reloaded)
  return new Set([...stepsOf('restart'), ...reloaded.filter((jail) => kept.includes(jail))])
}

async function jailsThatKeep(
  context: LocalHostContext,
  { written }: SavedChange,
  reloaded: readonly string[],
): Promise<string[]> {
  const { configDir, client } = context
  try {
    await using staged = await stageConfig(configDir)
    const restored = await commandsBefore(context)
    for (const { path, content } of written) await staged.write(relative(configDir, path), content)
    const changed = await dumpConfig(staged, { client })
    const { jails } = compareStreams(changed.stream, restored.stream)
    const stale = await findStaleActions(context, restored.stream, reloaded)
    return [...stale, ...[...jails].flatMap(([jail, difference]) => (difference === 'restart' ? [jail] : []))]
  } catch (error) {
    // a load fails in the same way, and says so
    if (error instanceof ConfigUnreadableError || error instanceof ToolMissingError) return []
    throw error
  }
}
