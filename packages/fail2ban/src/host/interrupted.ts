import type { SavedChange } from '@bangui/shared'
import { restoreFiles } from './apply-change.ts'
import type { HostContext } from './context.ts'
import { findDaemon, listDaemonJails } from './daemon.ts'

/**
 * Settles the changes that BanGUI was in the middle of when it ended, and gives them with the state that they have now:
 * `applied` when the daemon runs as the change wanted, `failed` when it had not been loaded and the files are back.
 * Without a daemon to ask they stay `applying`: a rollback is what brings it back.
 */
export async function settleInterrupted(context: HostContext): Promise<SavedChange[]> {
  const changes = await context.journal.listInterrupted()
  if (changes.length === 0) return []
  if ((await findDaemon(context)).state !== 'up') return changes
  const running = await listDaemonJails(context)
  const settled: SavedChange[] = []
  for (const change of changes) {
    const isLoaded = running.includes(change.jailName) === (change.kind === 'activate')
    if (!isLoaded) await restoreFiles(context, change.files)
    const state = isLoaded ? 'applied' : 'failed'
    await context.journal.setState(change.id, state)
    settled.push({ ...change, state })
  }
  return settled
}
