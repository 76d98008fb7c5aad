import type { HostDeps } from '../../deps.ts'
import { resolveInterruptedChanges, type InterruptedDeps } from './interrupted-changes.ts'

export type SettleDeps = InterruptedDeps & Pick<HostDeps, 'confirmations'>

/**
 * Settles the changes that BanGUI was cut off in: now, and whenever another fail2ban has come online and BanGUI does nothing else with
 * it. Resolves when the signal aborts; what fails is logged.
 */
export async function settleWhenOnline(deps: SettleDeps, signal: AbortSignal): Promise<void> {
  const settle = createSettling(deps)
  let settled = deps.state.get().daemonInstance?.id
  await settle()
  for await (const { daemonInstance, serverStatus } of deps.state.watch(signal)) {
    if (daemonInstance === null || daemonInstance.id === settled || serverStatus.activity) continue
    settled = daemonInstance.id
    await settle()
  }
}

/** What fails keeps nothing else from being done. The wait for a confirmation is resumed once, at the first time that the host answers. */
function createSettling(deps: SettleDeps): () => Promise<void> {
  let isResumed = false
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work()
      return true
    } catch (error) {
      deps.log.error(
        { event: 'interrupted_changes_failed', err: error },
        'interrupted changes could not be resolved',
      )
      return false
    }
  }
  return async () => {
    await attempt(() => resolveInterruptedChanges(deps))
    isResumed ||= await attempt(() => deps.confirmations.resume())
  }
}
